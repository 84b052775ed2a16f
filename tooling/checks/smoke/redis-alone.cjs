const assert = require('node:assert/strict')
const { RedisStore } = require('@diskcache/redis')

assert.throws(() => new RedisStore({ nothing: true }), TypeError)
new RedisStore({ url: 'redis://127.0.0.1:1', prefix: 'smoke' }).close()
