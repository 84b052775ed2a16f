import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Cache, type Key } from '@diskcache/cache'
import { test as baseTest, expect } from 'vitest'

interface Fixtures {
  /** A folder of this test. */
  readonly folder: string
  /** The directory of a cache, which is checked after the test. */
  readonly directory: string
}

/** A test with a directory of its own. */
export const test = baseTest.extend<Fixtures>({
  // biome-ignore lint/correctness/noEmptyPattern: the runner reads from the pattern what a fixture needs
  folder: async ({}, use) => {
    const folder = mkdtempSync(join(tmpdir(), 'diskcache-cli-'))
    await use(folder)
    rmSync(folder, { recursive: true, force: true })
  },
  directory: async ({ folder }, use) => {
    const directory = join(folder, 'cache')
    new Cache(directory).close()
    await use(directory)
    using cache = new Cache(directory)
    expect(cache.check()).toEqual([])
  },
})

/** Opens the cache of a test for a moment. */
export function withCache<T>(directory: string, body: (cache: Cache) => T): T {
  using cache = new Cache(directory)
  return body(cache)
}

/** Keys that would do something to a terminal or to columns, or are wide. */
export const HOSTILE_KEYS: readonly Key[] = [
  '\x1b[2J\x1b]0;owned\x07evil',
  'line 1\nline 2\tcolumn',
  'exe\u202egpj',
  '\x9b31m',
  '日本語のとても長いキー'.repeat(8),
  '👩‍🚀'.repeat(40),
  'k'.repeat(5_000),
  '',
  7,
  12345678901234567890n,
  ['report', 2026],
  Buffer.from([0, 27, 255]),
]
