import assert from 'node:assert/strict'
import { Lock } from '@diskcache/recipes'

assert.throws(() => new Lock({}, 'key'), TypeError)
