export { fileError, withFileErrors } from '../contract/file-error.ts'
export { BytesSum } from '../hashing/bytes-sum.ts'
export { CacheDirectory, type DirectoryOptions } from './cache-directory.ts'
export { areMetadataIntact, metadataColumn, metadataIn } from './checksums/metadata-column.ts'
export type { Connection } from './connection/connection.ts'
export type { Engine } from './connection/engine.ts'
export { LockRetry, type RetryOptions, withRetry } from './connection/lock-retry.ts'
export {
  type CopiedStore,
  type CopyStep,
  copyStores,
  type DirectoryCopyOptions,
} from './copy/directory-copy.ts'
export type { CopiedDirectory, LookAtCopy } from './copy/store-copy.ts'
export { isDatabaseFile } from './damage/database-header.ts'
export type { CorruptPolicy } from './damage/repair.ts'
export { type DatabaseFacts, databaseFacts, laterFormat, sqliteVersion } from './database-facts.ts'
export { checkSafety, dangerAt, type UnsafePolicy } from './files/directory-safety.ts'
export { innerDirectory } from './files/inner-directory.ts'
export { privateDirectory } from './files/private-directory.ts'
export { createFile, sharedMode } from './files/shared-mode.ts'
export { closeAtExit, removeTemporary } from './files/temporary-directory.ts'
export { isValueFilename } from './files/value-filename.ts'
export { type DirectoryFacts, directoryFacts } from './listing/directory-facts.ts'
export { EntryListing, type ListingRow } from './listing/entry-listing.ts'
export { EntrySurvey, type SurveyRow } from './listing/entry-survey.ts'
export type { EntryPages, PageBounds, PageRow } from './queries/entry-pages.ts'
export type { EntryRow, LocatedRow, PlainEntry, RowOptions, StoredValue } from './queries/entry-table.ts'
export { KEYS_PER_STATEMENT } from './queries/entry-table.ts'
export { isInMain, MAIN_QUEUE, MOST_USES, usesOf } from './queries/entry-uses.ts'
export { EvictionCounts, type PastUse } from './queries/eviction-counts.ts'
export { afterPrefix, hasPrefix } from './queries/key-prefix.ts'
export type { QueueRow } from './queries/queue-ends.ts'
export type { RemovableRow, SizedRow } from './queries/removal-queries.ts'
export { type SweepPosition, SweepQueries, type SweptRow } from './queries/sweep-queries.ts'
export type { RowBounds, TaggedRow } from './queries/tagged-rows.ts'
export { type Candidate, type VictimKind, VictimQueries } from './queries/victim-queries.ts'
export {
  countsReads,
  type EvictionOrder,
  type EvictionPolicy,
  isOvertaken,
  type NamedPolicy,
  needsIndex,
  sparesReadEntries,
} from './schema/eviction-policy.ts'
export {
  asksForDurability,
  checkSettings,
  type PartialSettings,
  SETTING_NAMES,
  type Settings,
} from './schema/settings.ts'
export { fileSizeLimit } from './system/file-size-limit.ts'
export { networkFileSystem } from './system/network-file-system.ts'
export { readBeginning } from './system/regular-file.ts'
export { type DatabaseReport, reportInThread } from './thread-report.ts'
export { logBound } from './write-ahead-log.ts'
