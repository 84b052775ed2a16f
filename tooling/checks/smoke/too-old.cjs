const assert = require('node:assert/strict')
const { Cache } = require('@diskcache/cache')

assert.throws(() => new Cache(), { code: 'ERR_DISKCACHE_ENGINE', message: /22\.14/ })
