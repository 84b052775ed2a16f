import {
  type Column,
  ColumnForm,
  columnOf,
  corruptEntry,
  DiskCacheError,
  formOf,
  lengthOf,
  type Mode,
  readColumn,
  writeColumn,
} from '@diskcache/core'
import type { Argument } from '../server/redis-client.ts'

/**
 * An entry as one string of Redis:
 *
 *     0      1: the format
 *     1–14   the version, different after every write, in ASCII
 *     15     the value's mode, as in core
 *     16     the type of its column, or C: it is in chunks
 *     17–20  length of the metadata, if there are any, and the tags
 *     21–    M, the length of the metadata in four bytes, and these; the tags; the value, or where its chunks are
 *
 * Where there are no metadata, the tags come first. So a version that knows of no metadata reads the value all the same.
 * Expiry is Redis's own, and not in here. The scripts read and write these bytes, too.
 */
const FORMAT = 1
export const VERSION_LENGTH = 14
const VERSION_AT = 1
const MODE_AT = 15
const FORM_AT = 16
const TAGS_LENGTH_AT = 17
const TAGS_AT = 21
/** Where other entries have the type of their first tag. */
const METADATA = 0x4d
const METADATA_HEAD = 5
/** Where another entry has the type of its column. */
export const CHUNKED = 0x43
const FORMAT_TEXT = String.fromCharCode(FORMAT)
const NO_TAGS_TEXT = '\0'.repeat(4)

/** Where chunks are: the id in their key's name, how many there are, and how many bytes altogether. */
export interface ChunkReference {
  readonly id: Buffer
  readonly count: number
  readonly size: number
  /** The type of the column that they make. */
  readonly form: ColumnForm
}

const ID_LENGTH = 8
export const REFERENCE_LENGTH = ID_LENGTH + 4 + 6 + 1

export interface StoredEntry {
  readonly version: Buffer | string
  readonly mode: Mode
  readonly tags: Buffer
  /** As `encodeMetadata` gives them. */
  readonly metadata?: Buffer | undefined
  /** Either the value or where its chunks are. */
  readonly data: Column | ChunkReference
}

/** An entry that is to be written. */
export interface FreshEntry extends Omit<StoredEntry, 'version'> {
  readonly version: string
}

export function isReference(data: Column | ChunkReference): data is ChunkReference {
  return typeof data === 'object' && data !== null && 'id' in data
}

/** Text stays text where it can, because node-redis sends that as it is, in one piece with its neighbours. */
export function encodeEntry({ version, mode, tags: ownTags, metadata, data }: FreshEntry): Argument {
  const tags = metadata === undefined ? ownTags : Buffer.concat([metadataHead(metadata), metadata, ownTags])
  if (typeof data === 'string' && tags.length === 0)
    return FORMAT_TEXT + version + String.fromCharCode(mode, ColumnForm.string) + NO_TAGS_TEXT + data
  const form = isReference(data) ? CHUNKED : formOf(data)
  const column = isReference(data) ? encodeReference(data) : data
  const entry = Buffer.allocUnsafe(TAGS_AT + tags.length + lengthOf(column))
  entry[0] = FORMAT
  entry.write(version, VERSION_AT, 'latin1')
  entry[MODE_AT] = mode
  entry[FORM_AT] = form
  entry.writeUInt32BE(tags.length, TAGS_LENGTH_AT)
  entry.set(tags, TAGS_AT)
  writeColumn(entry, column, TAGS_AT + tags.length)
  return entry
}

/**
 * Returns the tags of an entry of which only the beginning is given, or how long that has to be to hold all of them;
 * `undefined` where there is no entry of ours.
 */
export function tagsAtBeginning(head: Buffer): Buffer | number | undefined {
  if (head[0] !== FORMAT || head.length < TAGS_AT) return undefined
  const end = TAGS_AT + head.readUInt32BE(TAGS_LENGTH_AT)
  return end <= head.length ? besideValue(head.subarray(TAGS_AT, end)).tags : end
}

function metadataHead({ length }: Buffer): Buffer {
  const head = Buffer.of(METADATA, 0, 0, 0, 0)
  head.writeUInt32BE(length, 1)
  return head
}

/** Parts what stands before the value. */
function besideValue(bytes: Buffer): Pick<StoredEntry, 'tags' | 'metadata'> {
  if (bytes[0] !== METADATA) return { tags: bytes }
  if (bytes.length < METADATA_HEAD) throw corruptEntry()
  const end = METADATA_HEAD + bytes.readUInt32BE(1)
  if (end > bytes.length || end === METADATA_HEAD) throw corruptEntry()
  return { tags: bytes.subarray(end), metadata: bytes.subarray(METADATA_HEAD, end) }
}

/**
 * Throws `ERR_DISKCACHE_FORMAT` for what a newer version of this package wrote, or something else, and
 * `ERR_DISKCACHE_CORRUPT` for an entry that is cut off.
 */
export function decodeEntry(entry: Buffer): StoredEntry {
  const valueAt = valueStart(entry)
  const bytes = entry.subarray(valueAt)
  const form = entry[FORM_AT]
  return {
    version: entry.subarray(VERSION_AT, VERSION_AT + VERSION_LENGTH),
    mode: entry[MODE_AT] as Mode,
    ...besideValue(entry.subarray(TAGS_AT, valueAt)),
    data: form === CHUNKED ? decodeReference(bytes) : columnOf({ form: form as ColumnForm, bytes }),
  }
}

/** The version alone, of an entry that can be decoded. */
export function versionOf(entry: Buffer): string {
  return entry.toString('latin1', VERSION_AT, VERSION_AT + VERSION_LENGTH)
}

/** A value that is in the entry itself. */
export interface InlineValue {
  readonly mode: Mode
  readonly column: Column
}

/** The value alone, which is most of what is read; `undefined` when it is in chunks. Throws as {@link decodeEntry}. */
export function inlineValue(entry: Buffer): InlineValue | undefined {
  const valueAt = valueStart(entry)
  const form = entry[FORM_AT]
  if (form === CHUNKED) return undefined
  return { mode: entry[MODE_AT] as Mode, column: readColumn(entry, form as ColumnForm, valueAt) }
}

function valueStart(entry: Buffer): number {
  if (entry[0] !== FORMAT || entry.length < TAGS_AT) throw formatError()
  const valueAt = TAGS_AT + entry.readUInt32BE(TAGS_LENGTH_AT)
  if (valueAt > entry.length) throw corruptEntry()
  return valueAt
}

export function decodeReference(bytes: Buffer): ChunkReference {
  if (bytes.length !== REFERENCE_LENGTH) throw corruptEntry()
  return {
    id: bytes.subarray(0, ID_LENGTH),
    count: bytes.readUInt32BE(ID_LENGTH),
    size: bytes.readUIntBE(ID_LENGTH + 4, 6),
    form: bytes[ID_LENGTH + 10] as ColumnForm,
  }
}

function encodeReference({ id, count, size, form }: ChunkReference): Buffer {
  const bytes = Buffer.alloc(REFERENCE_LENGTH)
  bytes.set(id)
  bytes.writeUInt32BE(count, ID_LENGTH)
  bytes.writeUIntBE(size, ID_LENGTH + 4, 6)
  bytes[ID_LENGTH + 10] = form
  return bytes
}

function formatError(): DiskCacheError {
  return new DiskCacheError(
    'ERR_DISKCACHE_FORMAT',
    'Cannot read an entry: it was not written by this package, or by a newer version of it',
  )
}

export function isInChunks(entry: Buffer | null): boolean {
  return entry !== null && entry[FORM_AT] === CHUNKED
}

/** Where the chunks of an entry are; `undefined` when it has none, or is none of ours. */
export function referenceIn(entry: Buffer | null): ChunkReference | undefined {
  if (entry === null || entry[0] !== FORMAT || entry[FORM_AT] !== CHUNKED) return undefined
  if (entry.length < TAGS_AT + REFERENCE_LENGTH) return undefined
  return decodeReference(entry.subarray(-REFERENCE_LENGTH))
}
