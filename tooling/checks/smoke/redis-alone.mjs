import assert from 'node:assert/strict'
import { RedisStore } from '@diskcache/redis'

// There is no server; what can be proved is that everything loads, and that misuse is told.
assert.throws(() => new RedisStore({ nothing: true }), TypeError)
const store = new RedisStore({ url: 'redis://127.0.0.1:1', prefix: 'smoke' })
await store.close()
