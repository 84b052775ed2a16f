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
