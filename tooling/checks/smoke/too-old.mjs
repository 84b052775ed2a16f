import assert from 'node:assert/strict'
import { Cache } from '@diskcache/cache'

assert.throws(() => new Cache(), { code: 'ERR_DISKCACHE_ENGINE', message: /22\.14/ })
