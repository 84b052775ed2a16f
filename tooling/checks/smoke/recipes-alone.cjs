const assert = require('node:assert/strict')
const { Lock } = require('@diskcache/recipes')

assert.throws(() => new Lock({}, 'key'), TypeError)
