import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { Disk } from '../../codec/disk.ts'
import { CacheDirectory } from '../cache-directory.ts'
import { TEST_ENGINE } from '../connection/test-engine.ts'

let directory: string
let cache: CacheDirectory

beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'diskcache-test-'))
  cache = new CacheDirectory(directory, {
    engine: TEST_ENGINE,
    settings: {},
    timeout: 1_000,
    readonly: false,
    disk: Disk,
  })
})

afterAll(() => {
  cache.connection.close()
  rmSync(directory, { recursive: true })
})

/** Puts keys into an otherwise empty table for as long as `body` runs. */
function withKeys(keys: readonly (string | number | bigint)[], body: () => void): void {
  const undo = new Error('undo')
  try {
    cache.connection.transact(() => {
      for (const key of new Set(keys)) {
        const columns = cache.disk.encodeKey(key)
        if (cache.entries.locate(columns) !== undefined) continue
        const stored = { mode: 1, inline: null, filename: null, size: 0, fileSum: null } as const
        cache.entries.insert(columns, stored, { expireTime: null, tag: null, moreTags: null, pin: false }, 0)
      }
      body()
      throw undo
    })
  } catch (error) {
    if (error !== undo) throw error
  }
}

test('QueueEnds.find() finds the ends among keys that look like items', () => {
  const suffix = fc.oneof(
    fc.stringMatching(/^[0-9]{15}$/),
    fc.stringMatching(/^[0-9]{1,17}$/),
    fc.stringMatching(/^[0-9]{0,15}[-:a ][0-9]{0,3}$/),
    fc.constantFrom(
      '',
      '9'.repeat(15),
      '0'.repeat(15),
      '9'.repeat(16),
      '99999999999999x',
      '-5-500000000000000',
    ),
  )
  const keys = fc.array(
    fc.tuple(fc.constantFrom('a-', 'a-5-', 'a', 'b-'), suffix).map((parts) => parts.join('')),
    { maxLength: 12 },
  )
  const property = fc.property(keys, (keys) => {
    withKeys(keys, () => {
      for (const prefix of ['a', 'a-5', 'b']) {
        const items = keys.filter(
          (key) => key.startsWith(`${prefix}-`) && /^[0-9]{15}$/.test(key.slice(prefix.length + 1)),
        )
        items.sort()
        expect(cache.queues.find(prefix, 'front')?.key).toBe(items.at(0))
        expect(cache.queues.find(prefix, 'back')?.key).toBe(items.at(-1))
      }
    })
  })
  fc.assert(property, { numRuns: 400 })
})

test('QueueEnds.find() passes over fractions and integers outside the range of queues', () => {
  withKeys(
    [5, 500_000_000_000_000.5, 500_000_000_000_003n, 500_000_000_000_004.25, 10n ** 15n, '500000000000009'],
    () => {
      expect(cache.queues.find(undefined, 'front')?.key).toBe(500_000_000_000_003n)
      expect(cache.queues.find(undefined, 'back')?.key).toBe(500_000_000_000_003n)
      expect(cache.queues.nextKey(undefined, 'back')).toBe(500_000_000_000_004n)
      expect(cache.queues.nextKey(undefined, 'front')).toBe(500_000_000_000_002n)
    },
  )
})

test('QueueEnds.nextKey() throws RangeError at the end of the range', () => {
  withKeys([749_999_999_999_999n, `p-${'9'.repeat(15)}`, `z-${'0'.repeat(15)}`], () => {
    expect(() => cache.queues.nextKey(undefined, 'back')).toThrow(RangeError)
    expect(() => cache.queues.nextKey('p', 'back')).toThrow(RangeError)
    expect(() => cache.queues.nextKey('z', 'front')).toThrow(RangeError)
  })
})
