import { describe, expect, test } from 'vitest'
import { type Column, type EncodedKey, KeyForm } from '../../codec/columns.ts'
import { EntrySums, isSameKeySum, isSameSum } from './entry-sums.ts'

const sums = new EntrySums()
const KEY: EncodedKey = { key: 'key', form: KeyForm.plain }
const COLUMNS = { mode: 1, tag: null, moreTags: null, storeTime: 1_700_000_000.25 }

const DATA: readonly Column[] = [
  ...[null, 0n, 1n, -1n, 2n ** 63n - 1n, 0, -0, 1, 0.5, Number.POSITIVE_INFINITY],
  ...['', 'a', '1', '0', 'é', 'a\0', 'x'.repeat(30_000), 'x'.repeat(30_001), 'é'.repeat(30_000)],
  ...[Buffer.alloc(0), Buffer.from('a'), Buffer.from('1'), Buffer.alloc(8), Buffer.alloc(2 ** 16 + 1)],
]

describe('EntrySums', () => {
  test('gives each value, tag, mode, time and kind of place another sum, and the same one again', () => {
    const all = () => [
      ...DATA.map((value) => sums.ofInline(KEY, value, COLUMNS)),
      ...DATA.slice(1).map((tag) => sums.ofInline(KEY, null, { ...COLUMNS, tag })),
      ...[2, 5].map((mode) => sums.ofInline(KEY, null, { ...COLUMNS, mode })),
      sums.ofInline(KEY, null, { ...COLUMNS, storeTime: 1_700_000_000.5 }),
      sums.ofFile(KEY, 0, COLUMNS),
      sums.ofFile(KEY, 1, COLUMNS),
    ]
    const given = all()
    expect(new Set(given.map((sum) => Math.floor(sum / 2))).size).toBe(given.length)
    expect(all()).toEqual(given)
  })

  test('gives each key another sum, whose part is that of the key alone', () => {
    const keys: EncodedKey[] = DATA.slice(1).map((key) => ({ key, form: KeyForm.plain }))
    keys.push(
      { key: Buffer.from('a'), form: KeyForm.canonical },
      { key: Buffer.from('a'), form: KeyForm.pickle },
    )
    const given = keys.map((key) => sums.ofInline(key, 'value', COLUMNS))
    expect(new Set(given).size).toBe(keys.length)
    for (const [i, sum] of given.entries())
      for (const [j, key] of keys.entries()) expect(isSameKeySum(sum, sums.ofKey(key))).toBe(i === j)
  })

  test('is a safe integer, with room for a last bit that says nothing', () => {
    for (const value of DATA) {
      const sum = sums.ofInline(KEY, value, COLUMNS)
      expect(Number.isSafeInteger(sum + 1)).toBe(true)
      expect(sum % 2).toBe(0)
      expect([sum - 1, sum, sum + 1, sum + 2].map((stored) => isSameSum(stored, sum))).toEqual([
        ...[false, true, true, false],
      ])
    }
  })
})
