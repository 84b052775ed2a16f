export interface SettingCase {
  readonly key: string
  readonly value: unknown
}

export interface OddSettingCase extends SettingCase {
  /** The cache seems to be full, so everything may be evicted. */
  readonly evicts?: true
}

/** Settings that nobody may have stored through us, and that must not take effect. */
export const ILLEGAL_SETTINGS: readonly SettingCase[] = [
  { key: 'sqlite_synchronous', value: '1; DROP TABLE Cache' },
  { key: 'sqlite_synchronous', value: 4n },
  { key: 'sqlite_synchronous', value: 'length' },
  { key: 'sqlite_synchronous', value: Buffer.from('1') },
  { key: 'sqlite_cache_size', value: 10n ** 12n },
  { key: 'sqlite_cache_size', value: '8192; DROP TABLE Cache' },
  { key: 'sqlite_cache_size', value: 1.5 },
  { key: 'sqlite_cache_size', value: null },
  { key: 'eviction_policy', value: 'newest-first' },
  { key: 'eviction_policy', value: 'constructor' },
  { key: 'eviction_policy', value: '__proto__' },
  { key: 'eviction_policy', value: 0n },
  { key: 'eviction_policy', value: null },
  { key: 'size_limit', value: -1n },
  { key: 'size_limit', value: 1e300 },
  { key: 'size_limit', value: Infinity },
  { key: 'size_limit', value: 'abc' },
  { key: 'size_limit', value: Buffer.from('9') },
  { key: 'cull_limit', value: -1n },
  { key: 'cull_limit', value: 2n ** 62n },
  { key: 'node_max_entries', value: 0n },
  { key: 'node_max_entries', value: 2n ** 62n },
  { key: 'node_max_entries', value: 'one' },
  { key: 'disk_min_file_size', value: -1n },
  { key: 'disk_min_file_size', value: 2n ** 40n },
  { key: 'statistics', value: 7n },
  { key: 'tag_index', value: 'on' },
  { key: 'node_disk', value: 'other' },
  { key: 'node_disk', value: 5n },
]

/** Rows that are no settings of ours, or counters; whatever they say, the cache works. */
export const ODD_SETTINGS: readonly OddSettingCase[] = [
  { key: 'size', value: -1_000_000_000_000n },
  { key: 'size', value: 2n ** 62n, evicts: true },
  { key: 'size', value: 'abc' },
  { key: 'size', value: null },
  { key: 'size', value: Buffer.from('9') },
  { key: 'count', value: -5n },
  { key: 'count', value: 'abc' },
  { key: 'hits', value: 'abc' },
  { key: 'misses', value: null },
  { key: 'unknown', value: 'value' },
  { key: 'sqlite_mmap_size', value: '1; DROP TABLE Cache' },
  { key: 'sqlite_writable_schema', value: 1n },
  { key: 'sqlite_journal_mode', value: 'delete' },
  { key: 'disk_pickle_protocol', value: 99n },
  { key: '__proto__', value: 1n },
]
