import assert from 'node:assert/strict'
import { Cache } from '@diskcache/cache'
import cacache from 'cacache'

await cacache.put('old-directory', 'page', '<h1>', { metadata: { tags: ['pages'] } })
await cacache.put('old-directory', 'file', 'x'.repeat(100_000))

const cache = new Cache('cache-directory').promises
for await (const { key, metadata } of cacache.ls.stream('old-directory')) {
  await cache.write(key, cacache.get.stream('old-directory', key), { tag: metadata?.tags ?? [] })
}

assert.equal(String(await cache.get('page')), '<h1>')
assert.deepEqual((await cache.getEntry('page'))?.tags, ['pages'])
assert.equal(String(await cache.get('file')).length, 100_000)
assert.equal(await cache.count(), 2)
await cache.close()
