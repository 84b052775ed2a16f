import { describe, expect, test } from 'vitest'
import { agree, checkSettings, DEFAULT_SETTINGS, rowsFromSettings, settingsFromRows } from './settings.ts'

test('rowsFromSettings() and settingsFromRows() undo each other', () => {
  const settings = {
    ...DEFAULT_SETTINGS,
    statistics: true,
    evictionPolicy: 'none',
    sizeLimit: 5,
    sqlite: { cacheSize: -2000, synchronous: 'full' },
  } as const
  expect(settingsFromRows(rowsFromSettings(settings))).toEqual(settings)
  expect(rowsFromSettings({ cullLimit: 3 })).toEqual([{ key: 'cull_limit', value: 3n }])
})

test('settingsFromRows() takes defaults for what is missing, and reads a fraction of a limit', () => {
  expect(
    settingsFromRows([
      { key: 'size_limit', value: 1000.75 },
      { key: 'unknown', value: 1n },
    ]),
  ).toEqual({
    ...DEFAULT_SETTINGS,
    sizeLimit: 1000,
  })
})

test.each([
  ['eviction_policy', 'least-recently-lucky'],
  ['size_limit', -1n],
  ['cull_limit', 'many'],
  ['statistics', 2n],
  ['sqlite_synchronous', '1; DROP TABLE Cache'],
  ['sqlite_cache_size', 2n ** 40n],
])('settingsFromRows() refuses %s = %o', (key, value) => {
  expect(() => settingsFromRows([{ key, value }])).toThrow(
    expect.objectContaining({ code: 'ERR_DISKCACHE_FORMAT', message: expect.stringContaining(key) }),
  )
})

describe('checkSettings()', () => {
  test.each([
    [{ sizeLimit: -1 }, RangeError, 'sizeLimit'],
    [{ sizeLimit: Number.NaN }, RangeError, 'sizeLimit'],
    [{ sizeLimit: '1GB' }, TypeError, 'sizeLimit'],
    [{ cullLimit: 1.5 }, RangeError, 'cullLimit'],
    [{ evictionPolicy: 'lru' }, RangeError, "'lru'"],
    [{ statistics: 1 }, TypeError, 'statistics'],
    [{ sqlite: { cacheSize: 0.5 } }, RangeError, 'sqlite.cacheSize'],
    [{ sqlite: { journalMode: 'delete' } }, TypeError, "'journalMode'"],
    [{ size_limit: 1 }, TypeError, "'size_limit'"],
  ])('refuses %o and names the culprit', (settings, type, name) => {
    expect(() => checkSettings(settings as never)).toThrow(type)
    expect(() => checkSettings(settings as never)).toThrow(name)
  })
})

test('agree() compares only what is given', () => {
  expect(agree({}, DEFAULT_SETTINGS)).toBe(true)
  expect(agree({ cullLimit: 10, sqlite: { synchronous: 'normal' } }, DEFAULT_SETTINGS)).toBe(true)
  expect(agree({ cullLimit: 11 }, DEFAULT_SETTINGS)).toBe(false)
})
