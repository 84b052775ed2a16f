import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { cacheResponses } from '@diskcache/adapters/web'
import { Cache, EncryptedDisk } from '@diskcache/cache'
import { directoryTest as test } from '@diskcache/testkit'
import { expect } from 'vitest'

const SECRET_PART = 'the body of a response that is looked for '
const HEADERS = { 'cache-control': 'public, max-age=60', etag: '"1"' }

test.for([10, 5_000])(
  'cacheResponses() keeps %i parts of a body in an encrypted directory',
  async (parts, { directory }) => {
    const disk = new EncryptedDisk({ keys: [Buffer.alloc(32, 1)], entryKey: Buffer.alloc(32, 2) })
    using store = new Cache(directory, { disk })
    const body = SECRET_PART.repeat(parts)
    let asked = 0
    await using cache = cacheResponses(store.promises)
    const handle = cache.wrap(() => {
      asked++
      return new Response(body, { headers: HEADERS })
    })
    const ask = async (headers = {}) =>
      (await handle(new Request('https://shop.example/', { headers }))).text()
    expect([await ask(), await ask()]).toEqual([body, body])
    expect(await ask({ range: 'bytes=4-7' })).toBe('body')
    expect(asked).toBe(1)
    const files = readdirSync(directory, { recursive: true, withFileTypes: true }).filter((file) =>
      file.isFile(),
    )
    for (const { parentPath, name } of files)
      expect(readFileSync(join(parentPath, name)).includes('response that')).toBe(false)
  },
)

test('cacheResponses() stores anew what a key that was dropped has encrypted, and purges past it', async ({
  directory,
}) => {
  const [old, newest] = [Buffer.alloc(32, 1), Buffer.alloc(32, 2)]
  let asked = 0
  const open = (key: Buffer) => {
    const store = new Cache(directory, { disk: new EncryptedDisk({ keys: [key] }) })
    const errors: unknown[] = []
    const cache = cacheResponses(store.promises, { onError: (error) => errors.push(error) })
    const handle = cache.wrap(() => new Response(`answer ${++asked}`, { headers: HEADERS }))
    const ask = async (path: string) => (await handle(new Request(`https://shop.example${path}`))).text()
    return { store, cache, ask, errors }
  }
  const before = open(old)
  for (const path of ['/a', '/b', '/c']) await before.ask(path)
  await before.cache.purge({ prefix: 'https://shop.example/nothing' })
  expect(before.errors).toEqual([])
  await before.cache.close()
  before.store.close()
  const { store, cache, ask, errors } = open(newest)
  await cache.purge({ prefix: 'https://shop.example/c' })
  expect([await ask('/a'), await ask('/b')]).toEqual(['answer 4', 'answer 5'])
  expect([await ask('/a'), await ask('/b')]).toEqual(['answer 4', 'answer 5'])
  await cache.purge({ prefix: 'https://shop.example/a' })
  expect([await ask('/a'), await ask('/b')]).toEqual(['answer 6', 'answer 5'])
  expect(errors).toEqual([])
  await cache.close()
  store.close()
})
