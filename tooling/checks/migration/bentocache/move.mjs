import assert from 'node:assert/strict'
import { Cache } from '@diskcache/cache'
import { getOrSet } from '@diskcache/recipes'
import { BentoCache, bentostore } from 'bentocache'
import { fileDriver } from 'bentocache/drivers/file'

const disk = bentostore().useL2Layer(fileDriver({ directory: 'bento', pruneInterval: false }))
const old = new BentoCache({ default: 'disk', stores: { disk } })
await old.set({ key: 'user:1', value: { name: 'Ada' } })
const cache = new Cache('cache-directory').promises

const options = { ttl: 3_600_000, keep: (value) => value !== undefined }
const get = (key) => getOrSet(cache, key, () => old.get({ key }), options)

assert.deepEqual(await get('user:1'), { name: 'Ada' })
await old.clear()
assert.deepEqual(await get('user:1'), { name: 'Ada' })
assert.equal(await get('user:2'), undefined)
await old.set({ key: 'user:2', value: { name: 'Grace' } })
assert.deepEqual(await get('user:2'), { name: 'Grace' })
await old.disconnectAll()
await cache.close()
