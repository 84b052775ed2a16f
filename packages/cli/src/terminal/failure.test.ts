import { DiskCacheError } from '@diskcache/core'
import { expect, test } from 'vitest'
import { Failure, failureLine } from './failure.ts'

test('failureLine() has the message, the way out and the code of our errors', () => {
  const error = new DiskCacheError('ERR_DISKCACHE_TIMEOUT', 'Cannot write: others do')
  expect(failureLine(error)).toBe(
    'diskcache: Cannot write: others do; another process is busy there; try again (ERR_DISKCACHE_TIMEOUT)',
  )
})

test('failureLine() is one line without controls, whatever was thrown', () => {
  expect(failureLine(new Failure('no "\x1b[2J"\n  at all'))).toBe('diskcache: no "\\x1b[2J" at all')
  expect(failureLine('a text')).toBe('diskcache: a text')
  expect(failureLine(new TypeError(''))).toBe('diskcache: TypeError')
})
