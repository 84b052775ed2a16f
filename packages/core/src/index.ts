export type { Terms } from './breaker/attempt.ts'
export { type GuardedStore, guarded } from './breaker/guarded-store.ts'
export { type Access, checkPatience, Patience, type PatienceOptions } from './breaker/patience.ts'
export { breakerOf, type StoreBreaker } from './breaker/store-breaker.ts'
export { storeHealth } from './breaker/store-health.ts'
export { tellFailure } from './breaker/tell-failure.ts'
export { isTrouble } from './breaker/trouble.ts'
export {
  checkBoolean,
  checkChoice,
  checkFunction,
  checkIterable,
  checkName,
  checkNumber,
  checkOptions,
  checkString,
  quote,
} from './checks/argument-check.ts'
export { checkChange } from './checks/change-check.ts'
export { type CheckedCounter, checkCounter, counterSum } from './checks/counter-sum.ts'
export { type DirectoryPath, directoryPath, isPath } from './checks/directory-path.ts'
export { checkGetOptions } from './checks/get-options.ts'
export { argumentParts, checkMemoizeOptions } from './checks/memoize-arguments.ts'
export { MemoizedNames } from './checks/memoized-names.ts'
export { splitMetadata } from './checks/metadata-option.ts'
export { prefixOption } from './checks/prefix-option.ts'
export { type RecipeHint, refuseGetOrSet } from './checks/recipe-hint.ts'
export { signalOf, splitGetOptions, splitSignal } from './checks/signal-option.ts'
export { refusePromise } from './checks/synchronous-check.ts'
export {
  checkPin,
  checkTtl,
  drawTtl,
  touchTtl,
  WRITE_OPTION_NAMES,
  withCommonOptions,
  withDefaultTtl,
} from './checks/write-options.ts'
export { encodeCanonicalKey } from './codec/canonical-key.ts'
export {
  ColumnForm,
  columnBytes,
  columnOf,
  corruptEntry,
  type FormedBytes,
  formOf,
  lengthOf,
  readColumn,
  writeColumn,
} from './codec/column-bytes.ts'
export { type Column, type EncodedKey, type EncodedValue, KeyForm, Mode } from './codec/columns.ts'
export type {
  CompressionAlgorithm,
  CompressionOption,
  CompressionOptions,
} from './codec/compression/compression.ts'
export { inflatingAtMost } from './codec/compression/inflating.ts'
export {
  checkKeepsKeys,
  checkTakesNamespaces,
  classOf,
  Disk,
  type DiskOptions,
  makeDisk,
  unreadableError,
} from './codec/disk.ts'
export { EncryptedDisk, type EncryptedDiskOptions } from './codec/encryption/encrypted-disk.ts'
export { isEncryptedKey } from './codec/encryption/key-cipher.ts'
export type { UnknownKeyPolicy } from './codec/encryption/value-cipher.ts'
export { ForeignKey } from './codec/foreign-key.ts'
export { JSONDisk } from './codec/json-disk.ts'
export { keyFromText, keyText } from './codec/key-text.ts'
export { QUEUE_KEYS } from './codec/queue-keys.ts'
export type {
  ClassesOption,
  StoredClass,
  StoredClasses,
} from './codec/stored-classes.ts'
export { checkTagChoice, checkTagFilter } from './codec/tags/tag-choice.ts'
export { columnToTag, isSameTag, tagToColumn } from './codec/tags/tag-column.ts'
export {
  columnsToTags,
  distinctTags,
  hasTag,
  MOST_TAGS,
  NO_TAGS,
  type TagColumns,
  tagsToColumns,
} from './codec/tags/tag-columns.ts'
export type { Abortable, AsyncStore } from './contract/async-store.ts'
export type { AsyncCapabilities, Capabilities } from './contract/capabilities.ts'
export {
  damageChannel,
  errorChannel,
  evictChannel,
  getChannel,
  healthChannel,
  lockChannel,
  setChannel,
} from './contract/diagnostics.ts'
export type {
  Change,
  CounterKey,
  CounterOptions,
  Entry,
  Key,
  KeyedEntry,
  Pin,
  Synchronous,
  Tag,
  TagChoice,
  Tags,
  Ttl,
  TtlRange,
  Untagged,
  WriteOptions,
} from './contract/entry.ts'
export {
  DiskCacheError,
  type DiskCacheErrorCode,
  hasCode,
  tooLargeError,
  withDetails,
} from './contract/errors.ts'
export { DEFAULT_TTL } from './contract/hooks/default-ttl.ts'
export { EXPECT_ABSENT } from './contract/hooks/expect-absent.ts'
export { SET_WITH_METADATA, type SetWithMetadata } from './contract/hooks/set-with-metadata.ts'
export { STORE_FILES, type StoreFiles } from './contract/hooks/store-files.ts'
export {
  type ListedEntry,
  type ListOrder,
  type ListPlace,
  type ListQuery,
  type ListStep,
  type RawValue,
  STORE_LISTING,
  type StoreFacts,
  type StoreListing,
  type SurveyGroup,
  type SurveyStep,
  VALUE_KINDS,
  type ValueKind,
} from './contract/hooks/store-listing.ts'
export { type PeekedEntry, STORE_PEEK } from './contract/hooks/store-peek.ts'
export type { Memoized, MemoizeOptions, ResultOptions } from './contract/memoized.ts'
export type { NamespaceOptions } from './contract/namespace-options.ts'
export type {
  ByteSource,
  Evictions,
  GetOptions,
  IterateOptions,
  MemoryStats,
  QueueOptions,
  ReadOptions,
  Stats,
  StreamedEntry,
  StreamWriteOptions,
} from './contract/operation-options.ts'
export type { Problem } from './contract/problem.ts'
export type { Store } from './contract/store.ts'
export type { StoreHealth, StoreStatus } from './contract/store-health.ts'
export { closedError, UsageGuard } from './contract/usage-guard.ts'
export { bytesSum } from './hashing/bytes-sum.ts'
export { type Hold, lockLost, withHold } from './leases/hold.ts'
export { type HoldRow, liveHolds, type Outcome } from './leases/hold-row.ts'
export { checkLease, type LeaseOptions, leaseOptions } from './leases/lease-options.ts'
export { LeasedHold } from './leases/leased-hold.ts'
export { Leases } from './leases/leases.ts'
export { Once } from './leases/once.ts'
export { checkHoldRow, checkRow } from './leases/row-check.ts'
export { waitQueuesOf } from './leases/wait-queues.ts'
export {
  type Frozen,
  LEAST_MEMORY_BYTES,
  type MemoryOptions,
  type ResolvedMemoryOptions,
  resolveMemoryOptions,
  type ShareValues,
} from './memory/memory-options.ts'
export { isShared, type KeptEntry, MemoryTier } from './memory/memory-tier.ts'
export { AsyncNamespace } from './namespaces/async-namespace.ts'
export { Namespace } from './namespaces/namespace.ts'
export { NamespaceKeys, nameText } from './namespaces/namespace-keys.ts'
export { NamespaceScope } from './namespaces/namespace-scope.ts'
export { PromisesNamespace, type TransactingStore } from './namespaces/promises-namespace.ts'
export {
  checkResultOptions,
  failureTtl,
  RESULT_OPTION_NAMES,
  resultTtl,
} from './results/decisions.ts'
export { describeError, type Failure, isFailure, reviveError } from './results/failure.ts'
export { BestEntries, comparePlaces, stepOf } from './stores/best-entries.ts'
export { compareKeys } from './stores/key-order.ts'
export { perStore } from './stores/per-store.ts'
export {
  type AnyStore,
  nameOf,
  type RecipeStore,
  recipeStore,
  refuseInTransaction,
} from './stores/recipe-store.ts'
export { identityOf, rowKey } from './stores/row-key.ts'
export { commonOf } from './stores/store-part.ts'
export { groupOf, namespaceOf } from './stores/survey-group.ts'
export { type ByteRange, byteRangeOf, rangeWithin } from './streams/byte-range.ts'
export { checkSource, chunksOf } from './streams/byte-source.ts'
export { collectBytes } from './streams/collect-bytes.ts'
export { decodeMetadata, encodeMetadata } from './streams/metadata.ts'
export { bytesStream, type SizedStream, valueStream } from './streams/value-stream.ts'
export { abortable } from './waiting/abortable.ts'
export { insist } from './waiting/insist.ts'
export { pause } from './waiting/pause.ts'
export { realTimers } from './waiting/real-timers.ts'
export { ITEMS_PER_SLICE, isSliceOver, nextSlice } from './waiting/slices.ts'
export { TimeLimit } from './waiting/time-limit.ts'
export {
  checkWait,
  checkWaitOptions,
  MAX_TIMER_MS,
  WAIT_OPTION_NAMES,
  type WaitOptions,
} from './waiting/wait-options.ts'
