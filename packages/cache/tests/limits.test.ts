import { describe, expect } from 'vitest'
import { hostileTest as test } from './hostile/hostile-test.ts'
import { runLimited } from './limits/limited-process.ts'

describe.skipIf(process.platform === 'win32')(
  'A process (skipped on Windows, which has no such limits)',
  () => {
    test('that may open no more files gets typed errors from every operation, and goes on afterwards', ({
      directory,
    }) => {
      const outcomes = runLimited<Record<string, unknown>>('ulimit -n 60', 'few-descriptors', directory)
      const { small, after, ...failed } = outcomes
      expect(new Set(Object.values(failed))).toEqual(new Set(['ERR_DISKCACHE_IO']))
      expect(small).toBe('text')
      expect(after).toEqual([50_000, 50_000, 0])
    })

    test.for([1_000, 30_000, 5_000_000])(
      'whose files may not grow hears that nothing more fits, with values of %i bytes',
      (size, { directory }) => {
        const result = runLimited('ulimit -f 4096', 'small-files', directory, String(size))
        expect(result).toEqual({ outcome: 'ERR_DISKCACHE_FULL', hasStored: true, kept: true })
      },
    )
  },
)
