import {
  type Column,
  ColumnForm,
  formOf,
  lengthOf,
  Mode,
  type PeekedEntry,
  type ValueKind,
} from '@diskcache/core'
import { type ChunkReference, decodeEntry, isReference } from '../bytes/entry-bytes.ts'
import { decodeTags } from '../bytes/tag-bytes.ts'
import type { LookReply } from '../scripts/look.ts'

const KINDS: Readonly<Record<number, ValueKind>> = {
  [ColumnForm.null]: 'null',
  [ColumnForm.string]: 'text',
  [ColumnForm.bytes]: 'bytes',
  [ColumnForm.integer]: 'number',
  [ColumnForm.float]: 'number',
}

/** Returns what an entry is, without the chunks of its value; `undefined` where there is none. */
export function peekedEntry([entry, time]: LookReply): PeekedEntry | undefined {
  if (entry === null) return undefined
  const expireTime = time === -1 ? null : time
  try {
    const { mode, tags, data } = decodeEntry(entry)
    const isApart = isReference(data)
    return { kind: kindOf(mode, data), bytes: bytesOf(data), isApart, expireTime, tags: decodeTags(tags) }
  } catch {
    // Reading it says why.
    return { kind: 'unknown', bytes: entry.length, isApart: false, expireTime, tags: [] }
  }
}

function bytesOf(data: Column | ChunkReference): number {
  return isReference(data) ? data.size : lengthOf(data)
}

function kindOf(mode: Mode, data: Column | ChunkReference): ValueKind {
  if (mode === Mode.msgpack) return 'structured'
  if (mode === Mode.stream) return 'stream'
  return KINDS[isReference(data) ? data.form : formOf(data)] ?? 'unknown'
}
