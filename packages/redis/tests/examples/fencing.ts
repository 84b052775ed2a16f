import assert from 'node:assert/strict'
import { Lock, setIfNewer } from '@diskcache/recipes'
import { RedisStore } from '@diskcache/redis'

await using store = new RedisStore({ url: process.env.REDIS_URL, prefix: 'app' })

// A holder that was stopped, and does not know yet that its lock is another's by now.
const stopped = await new Lock(store, 'prices').acquire()
await store.delete(['diskcache', 'lock', 'prices'])
const next = await new Lock(store, 'prices').acquire()

assert.equal(await setIfNewer(store, 'price list', 'new', next.token), true)
assert.equal(await setIfNewer(store, 'price list', 'old', stopped.token), false)
await next.release()
