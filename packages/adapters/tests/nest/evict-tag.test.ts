import { Cache } from '@diskcache/cache'
import type { AsyncStore } from '@diskcache/core'
import { expect } from 'vitest'
import { Cached, EvictTag, getStoreToken } from '../../src/nest/index.ts'
import { test } from './application.ts'
import { decorate, injectable } from './decorate.ts'
import { failingStore } from './failing-store.ts'

test('EvictTag removes what has the tag after the method has succeeded, in every process', async ({
  applications,
}) => {
  class Articles {
    version = 1
    async read(id: number): Promise<string> {
      return `${id} v${this.version}`
    }
    async update(_id: number, isLegal: boolean): Promise<string> {
      if (!isLegal) throw new RangeError('illegal')
      this.version++
      return 'done'
    }
  }
  const tag = (id: number) => `article ${id}`
  decorate(Articles.prototype, 'read', Cached({ tag }))
  decorate(Articles.prototype, 'update', EvictTag(tag), EvictTag(['list', 'feed']))
  injectable(Articles)
  const [first, second] = [
    (await applications.start({ providers: [Articles] })).get(Articles),
    (await applications.start({ providers: [Articles] })).get(Articles),
  ]
  expect([await first.read(1), await first.read(2)]).toEqual(['1 v1', '2 v1'])
  await expect(second.update(1, false)).rejects.toThrow('illegal')
  expect(await second.read(1)).toBe('1 v1')
  expect(await second.update(1, true)).toBe('done')
  expect([await second.read(1), await second.read(2)]).toEqual(['1 v2', '2 v1'])
  expect(await first.read(1)).toBe('1 v2')
})

test('EvictTag takes one tag, several, or a function of the arguments', async ({ applications }) => {
  class Writer {
    readonly tags = ['a', 'b']
    async one(): Promise<void> {}
    async several(): Promise<void> {}
    async own(): Promise<void> {}
  }
  decorate(Writer.prototype, 'one', EvictTag('c'))
  decorate(Writer.prototype, 'several', EvictTag(['a', 'b']))
  decorate(
    Writer.prototype,
    'own',
    EvictTag(function (this: Writer) {
      return this.tags
    }),
  )
  injectable(Writer)
  const application = await applications.start({ providers: [Writer] })
  const [store, writer] = [application.get<AsyncStore>(getStoreToken()), application.get(Writer)]
  const fill = () => Promise.all(['a', 'b', 'c'].map((tag) => store.set(tag, 1, { tag })))
  await fill()
  await writer.one()
  expect(await store.hasMany(['a', 'b', 'c'])).toEqual([true, true, false])
  await writer.several()
  expect(await store.hasMany(['a', 'b', 'c'])).toEqual([false, false, false])
  await fill()
  await writer.own()
  expect(await store.hasMany(['a', 'b', 'c'])).toEqual([false, false, true])
})

test('EvictTag tells when the removal failed', async ({ directory, applications }) => {
  using cache = new Cache(directory)
  class Writer {
    async write(): Promise<void> {}
  }
  decorate(Writer.prototype, 'write', EvictTag('tag'))
  injectable(Writer)
  const store = failingStore(cache.promises, ['evict'])
  const application = await applications.start({ providers: [Writer] }, { directory: undefined, store })
  await expect(application.get(Writer).write()).rejects.toThrow('no disk')
})

test('EvictTag refuses what is no tag, and none', () => {
  for (const tag of [undefined, null, true, {}, [null]])
    expect(() => EvictTag(tag as never)).toThrow('Cannot use tag')
  expect(() => EvictTag([])).toThrow('the list is empty')
})
