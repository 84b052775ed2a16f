import { chmodSync, copyFileSync, mkdirSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { Cache } from '@diskcache/cache'
import { describe, expect } from 'vitest'
import { hostileTest as test } from './hostile/hostile-test.ts'
import { runLimited } from './limits/limited-process.ts'

const READONLY = 'ERR_DISKCACHE_READONLY'

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

    test.for([
      [10_000, [true]],
      [60_000, [true]],
      [5_000_000, ['ERR_DISKCACHE_FULL']],
    ] as const)(
      'whose files may not grow goes on, or hears that nothing more fits, with values of %i bytes',
      ([size, outcomes], { directory }) => {
        const result = runLimited('ulimit -f 4096', 'small-files', directory, String(size))
        expect(result).toEqual({ outcomes, isRight: true, problems: [] })
      },
    )
  },
)

describe.skipIf(process.platform === 'win32')(
  'readonly (skipped on Windows, whose permissions are others)',
  () => {
    const isRoot = process.getuid?.() === 0

    /** Lets everybody read, and nobody write. */
    function protect(directory: string): () => void {
      const entries = readdirSync(directory, { recursive: true, withFileTypes: true })
      const paths = entries.map((entry) => join(entry.parentPath, entry.name))
      const folders = [directory, ...paths.filter((_, i) => entries[i]?.isDirectory())]
      for (const [i, path] of paths.entries()) if (entries[i]?.isFile()) chmodSync(path, 0o444)
      for (const folder of folders) chmodSync(folder, 0o555)
      return () => {
        for (const folder of folders) chmodSync(folder, 0o755)
      }
    }

    function readAsOther(directory: string): unknown {
      const before = readdirSync(directory).sort()
      const unprotect = protect(directory)
      const outcomes = runLimited('true', 'only-reading', directory, isRoot ? '65534' : '')
      unprotect()
      expect(readdirSync(directory).sort()).toEqual(before)
      return outcomes
    }

    const seen = ['text', 50_000, 'large', 'small', 'text', READONLY, READONLY, READONLY, READONLY, 2]

    function fill(directory: string): Cache {
      chmodSync(join(directory, '..'), 0o755)
      const cache = new Cache(directory)
      cache.set('large', 'x'.repeat(50_000))
      cache.set('small', 'text')
      return cache
    }

    test('opens what this user may not write, without a log', ({ directory }) => {
      fill(directory).close()
      expect(readAsOther(directory)).toEqual({ writable: READONLY, readonly: seen })
    })

    test('opens what this user may not write, beside a writer', ({ directory }) => {
      const cache = fill(directory)
      expect(readAsOther(directory)).toEqual({ writable: READONLY, readonly: seen })
      cache.close()
    })

    test.skipIf(!isRoot)('makes no files beside the database of another who may go on', ({ directory }) => {
      fill(directory).close()
      chmodSync(directory, 0o777)
      chmodSync(join(directory, 'cache.db'), 0o644)
      const before = readdirSync(directory).sort()
      expect(runLimited('true', 'only-reading', directory, '65534')).toMatchObject({ writable: READONLY })
      expect(readdirSync(directory).sort()).toEqual(before)
    })

    test.for([
      ['the log', ['cache.db', 'cache.db-wal']],
      ['the log and its index', ['cache.db', 'cache.db-wal', 'cache.db-shm']],
    ] as const)('sees everything in %s that a killed writer left', ([, names], { directory }) => {
      const cache = fill(directory)
      const copy = `${directory}-copy`
      mkdirSync(copy)
      for (const name of names) copyFileSync(join(directory, name), join(copy, name))
      for (const name of readdirSync(directory).filter((entry) => entry.length === 2)) {
        copyFolder(join(directory, name), join(copy, name))
      }
      expect(readAsOther(copy)).toEqual({ writable: READONLY, readonly: seen })
      cache.close()
    })
  },
)

function copyFolder(source: string, target: string): void {
  mkdirSync(target)
  for (const entry of readdirSync(source, { withFileTypes: true })) {
    const [from, to] = [join(source, entry.name), join(target, entry.name)]
    if (entry.isDirectory()) copyFolder(from, to)
    else copyFileSync(from, to)
  }
}
