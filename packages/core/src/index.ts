export { abortable } from './abortable.ts'
export {
  checkBoolean,
  checkChoice,
  checkDirectory,
  checkFunction,
  checkNumber,
  checkOptions,
  checkString,
  quote,
} from './argument-check.ts'
export type { Abortable, AsyncStore } from './async-store.ts'
export { CacheDirectory } from './cache-directory.ts'
export { encodeCanonicalKey, narrow } from './canonical-key.ts'
export type { AsyncCapabilities, Capabilities } from './capabilities.ts'
export { checkChange } from './change-check.ts'
export { type Column, type EncodedValue, type KeyColumns, Mode } from './columns.ts'
export type { Connection } from './connection.ts'
export { type CheckedCounter, checkCounter, counterSum } from './counter-sum.ts'
export { errorChannel, evictChannel, getChannel, lockChannel, setChannel } from './diagnostics.ts'
export { asBuffer, Disk } from './disk.ts'
export type { Change, CounterOptions, Entry, Key, KeyedEntry, Tag, WriteOptions } from './entry.ts'
export type { EntryPages, PageRow } from './entry-pages.ts'
export type { EntryRow, LocatedRow, RowOptions, StoredValue } from './entry-table.ts'
export { DiskCacheError, type DiskCacheErrorCode, hasCode, tooLargeError } from './errors.ts'
export {
  countsReads,
  type EvictionColumn,
  type EvictionPolicy,
  evictionColumn,
  needsIndex,
} from './eviction-policy.ts'
export { ForeignKey } from './foreign-key.ts'
export { JSONDisk } from './json-disk.ts'
export { afterPrefix } from './key-prefix.ts'
export { LockRetry, type RetryOptions, withRetry } from './lock-retry.ts'
export { lockTimeout } from './lock-wait.ts'
export { argumentParts, checkMemoizeOptions } from './memoize-arguments.ts'
export type { Memoized, MemoizeOptions } from './memoized.ts'
export type { ByteSource, IterateOptions, QueueOptions, Stats } from './operation-options.ts'
export type { Problem } from './problem.ts'
export type { QueueRow } from './queue-ends.ts'
export type { RemovableRow } from './removal-queries.ts'
export { checkSettings, type PartialSettings, SETTING_NAMES, type Settings } from './settings.ts'
export { signalOf, splitSignal } from './signal-option.ts'
export type { Store } from './store.ts'
export { columnToTag, tagToColumn } from './tag-column.ts'
export { closedError, UsageGuard } from './usage-guard.ts'
export { isValueFilename } from './value-filename.ts'
export { diskFull } from './value-files.ts'
export { type Candidate, type Victim, VictimQueries } from './victim-queries.ts'
export { checkTtl, WRITE_OPTION_NAMES } from './write-options.ts'
