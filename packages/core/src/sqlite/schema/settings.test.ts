import { describe, expect, test } from 'vitest'
import { Disk } from '../../codec/disk.ts'
import type { EvictionPolicy } from './eviction-policy.ts'
import {
  agree,
  checkSettings,
  DEFAULT_SETTINGS,
  rowsFromSettings,
  rowsInstead,
  settingsFromRows,
  withDefaults,
} from './settings.ts'

/** The policies that Python does not know. */
const OWN_POLICIES: readonly EvictionPolicy[] = [
  's3-fifo',
  { by: 'storeTime', first: 'highest' },
  { by: 'accessTime', first: 'highest' },
  { by: 'accessCount', first: 'highest' },
  { by: 'expireTime', first: 'lowest' },
  { by: 'expireTime', first: 'highest' },
  { by: 'size', first: 'lowest' },
  { by: 'size', first: 'highest' },
]

const PYTHONS_POLICIES = ['none', 'least-recently-stored', 'least-recently-used', 'least-frequently-used']

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

test.each(OWN_POLICIES)('settings keep the policy %o beside a policy that Python knows', (evictionPolicy) => {
  const rows = rowsFromSettings({ evictionPolicy })
  expect(settingsFromRows(rows).evictionPolicy).toEqual(evictionPolicy)
  const same = typeof evictionPolicy === 'object' ? { ...evictionPolicy } : evictionPolicy
  expect(agree({ evictionPolicy: same }, settingsFromRows(rows))).toBe(true)
  const [python] = rows.filter(({ key }) => key === 'eviction_policy')
  expect(PYTHONS_POLICIES).toContain(python?.value)
  // Python has changed its setting since.
  const changed = rows.map((row) => (row === python ? { ...row, value: 'none' } : row))
  expect(settingsFromRows(changed).evictionPolicy).toBe('none')
})

test.each([
  [{ by: 'storeTime', first: 'lowest' }, 'least-recently-stored'],
  [{ by: 'accessTime', first: 'lowest' }, 'least-recently-used'],
  [{ by: 'accessCount', first: 'lowest' }, 'least-frequently-used'],
] as const)('settings keep the order of eviction %o under its name', (evictionPolicy, name) => {
  const settings = withDefaults({ evictionPolicy })
  expect(settings.evictionPolicy).toBe(name)
  expect(agree({ evictionPolicy }, settings)).toBe(true)
})

test('settingsFromRows() leaves an order of eviction of a later version alone', () => {
  const rows = [
    { key: 'eviction_policy', value: 'least-recently-used' },
    { key: 'node_eviction_policy', value: 'least-recently-used luck highest' },
  ]
  expect(settingsFromRows(rows).evictionPolicy).toBe('least-recently-used')
})

test('rowsFromSettings() forgets an order of eviction when a policy with a name is set', () => {
  const rows = rowsFromSettings({ evictionPolicy: 'none' })
  expect(rows).toEqual([
    { key: 'eviction_policy', value: 'none' },
    { key: 'node_eviction_policy', value: null },
  ])
})

test('settings have a level of compression only where one is given, since Python gives it to its codec', () => {
  expect(rowsFromSettings(withDefaults({})).map(({ key }) => key)).not.toContain('disk_compress_level')
  expect(rowsFromSettings({ compressLevel: 9 })).toEqual([{ key: 'disk_compress_level', value: 9n }])
  expect(withDefaults({ compressLevel: 0 }).compressLevel).toBe(0)
  expect(rowsInstead(withDefaults({}))).toContainEqual({ key: 'disk_compress_level', value: 1n })
})

test.each([
  [5, 5n],
  [Infinity, null],
])('settings have maxEntries %o as %o', (maxEntries, value) => {
  const rows = rowsFromSettings({ maxEntries })
  expect(rows).toEqual([{ key: 'node_max_entries', value }])
  expect(settingsFromRows(rows).maxEntries).toBe(maxEntries)
  expect(agree({ maxEntries }, settingsFromRows(rows))).toBe(true)
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
  ['node_max_entries', 0n],
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
    [{ maxEntries: 0 }, RangeError, 'or Infinity'],
    [{ maxEntries: '5' }, TypeError, 'maxEntries'],
    [{ evictionPolicy: 'lru' }, RangeError, "'none', { by, first }, got 'lru'"],
    [{ evictionPolicy: null }, RangeError, 'evictionPolicy'],
    [{ evictionPolicy: {} }, RangeError, 'evictionPolicy.by'],
    [{ evictionPolicy: { by: 'size' } }, RangeError, 'evictionPolicy.first'],
    [{ evictionPolicy: { by: 'luck', first: 'lowest' } }, RangeError, "'luck'"],
    [{ evictionPolicy: { by: 'size', first: 'highest', sql: '' } }, TypeError, "'sql'"],
    [{ statistics: 1 }, TypeError, 'statistics'],
    [{ compressLevel: 10 }, RangeError, 'compressLevel'],
    [{ compressLevel: 6 }, TypeError, 'JSONDisk'],
    [{ sqlite: { cacheSize: 0.5 } }, RangeError, 'sqlite.cacheSize'],
    [{ sqlite: { journalMode: 'delete' } }, TypeError, "'journalMode'"],
    [{ size_limit: 1 }, TypeError, "'size_limit'"],
  ])('refuses %o and names the culprit', (settings, type, name) => {
    expect(() => checkSettings(settings as never, new Disk())).toThrow(type)
    expect(() => checkSettings(settings as never, new Disk())).toThrow(name)
  })
})

test('agree() compares only what is given', () => {
  expect(agree({}, DEFAULT_SETTINGS)).toBe(true)
  expect(agree({ cullLimit: 10, sqlite: { synchronous: 'normal' } }, DEFAULT_SETTINGS)).toBe(true)
  expect(agree({ cullLimit: 11 }, DEFAULT_SETTINGS)).toBe(false)
})
