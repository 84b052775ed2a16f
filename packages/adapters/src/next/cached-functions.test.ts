import { MemoryStore } from '@diskcache/testkit/memory'
import { describe, expect, test as plain } from 'vitest'
import { ENGINES, entryOf, nextTest, nowOfNext, textOf } from '../../tests/next/next-test.ts'
import { createUseCacheHandler } from './create-use-cache-handler.ts'

const SOFT = ['_N_T_/layout', '_N_T_/page']

for (const engine of ENGINES) {
  const test = nextTest(engine)

  describe(`createUseCacheHandler() over ${engine.name}`, () => {
    test('get() gives an entry as it was set, with a stream each time', async ({ functions }) => {
      const entry = entryOf('x'.repeat(100_000))
      const { value: _, timestamp, ...fields } = entry
      await functions().set('key', Promise.resolve(entry))
      const handler = functions()
      for (let i = 0; i < 2; i++) {
        const found = await handler.get('key', SOFT)
        expect(found).toMatchObject(fields)
        expect(Math.abs(found!.timestamp - timestamp)).toBeLessThan(1_000)
        expect(await textOf(found)).toBe('x'.repeat(100_000))
      }
      expect(await handler.get('other', SOFT)).toBeUndefined()
      expect(await handler.getExpiration(SOFT)).toBe(Infinity)
      await handler.refreshTags()
    })

    test('get() waits for an entry that is being set, and set() drops one that fails', async ({
      functions,
    }) => {
      const handler = functions()
      const { promise, resolve } = Promise.withResolvers<ReturnType<typeof entryOf>>()
      const setting = handler.set('key', promise)
      const found = handler.get('key', [])
      resolve(entryOf('text'))
      expect(await textOf(await found)).toBe('text')
      await setting
      await handler.set('rejected', Promise.reject(new Error('no entry')))
      const failing = new ReadableStream({ start: (controller) => controller.error(new Error('no more')) })
      await handler.set('broken', Promise.resolve(entryOf('', { value: failing })))
      for (const key of ['rejected', 'broken']) expect(await handler.get(key, [])).toBeUndefined()
    })

    test('set() stores an entry for as long as it may be served', async ({ store, functions }) => {
      const handler = functions()
      await handler.set('none', Promise.resolve(entryOf('', { expire: 0 })))
      await handler.set('hour', Promise.resolve(entryOf('', { expire: 3_600 })))
      await handler.set('ever', Promise.resolve(entryOf('', { expire: Infinity })))
      expect(await handler.get('none', [])).toBeUndefined()
      expect(await handler.get('ever', [])).toMatchObject({ expire: Infinity })
      const lifeOf = async (key: string) =>
        (await store.getEntry(`next::function:${key}`))!.expireTime! - Date.now()
      expect(Math.abs((await lifeOf('hour')) - 3_600_000)).toBeLessThan(60_000)
      expect(Math.abs((await lifeOf('ever')) - 30 * 86_400_000)).toBeLessThan(60_000)
    })

    test('updateTags() ends entries by their own tags and those of the path, or lets them pass as stale', async ({
      functions,
      advance,
    }) => {
      for (const tag of ['used', '_N_T_/page']) {
        await functions().set('key', Promise.resolve(entryOf('text')))
        await functions().updateTags(['other', tag])
        expect(await functions().get('key', SOFT)).toBeUndefined()
        advance(1_000)
      }
      await functions().set('key', Promise.resolve(entryOf('text')))
      await functions().updateTags(['used'], { expire: 60 })
      expect(await functions().get('key', SOFT)).toMatchObject({ revalidate: -1, expire: 3_600 })
      advance(60_000)
      expect(await functions().get('key', SOFT)).toBeUndefined()
    })

    test('both handlers of an application see the same revalidations', async ({ request, functions }) => {
      await functions().set('key', Promise.resolve(entryOf('text')))
      await request().revalidateTag('used')
      expect(await functions().get('key', SOFT)).toBeUndefined()
    })

    test.for([{ bytes: 'text' }, { stale: null }, { format: 2 }])(
      'get() finds nothing in a row that was changed to %o',
      async (change, { store, functions }) => {
        await functions().set('key', Promise.resolve(entryOf('text')))
        const row = await store.get('next::function:key')
        await store.set('next::function:key', { ...(row as object), ...change })
        expect(await functions().get('key', [])).toBeUndefined()
      },
    )
  })
}

nextTest(ENGINES[0]!)(
  'get() gives the time of an entry by the clock of the process, however that of the system is set',
  async ({ store, functions, advance }) => {
    advance(3_600_000)
    await functions().set('key', Promise.resolve(entryOf('text', { expire: 7_200 })))
    const { madeAt } = (await store.get('next::function:key')) as { madeAt: number }
    expect(Math.abs(madeAt - Date.now())).toBeLessThan(60_000)
    const { timestamp } = (await functions().get('key', []))!
    expect(Math.abs(timestamp - nowOfNext())).toBeLessThan(60_000)
    await store.set('next::function:key', {
      ...((await store.get('next::function:key')) as object),
      madeAt: madeAt - 600_000,
    })
    const older = (await functions().get('key', []))!
    expect(Math.abs(nowOfNext() - older.timestamp - 600_000)).toBeLessThan(60_000)
  },
)

plain('createUseCacheHandler() refuses what is no store, and options that it does not know', () => {
  expect(() => createUseCacheHandler({} as never)).toThrow('expected a directory, a Store or an AsyncStore')
  expect(() => createUseCacheHandler(new MemoryStore(), { deployment: 'a' } as object)).toThrow(
    "unknown option 'deployment', known are prefix, cache, storeTimeout",
  )
})
