import type { Readable } from 'node:stream'
import { Disk, type Key, type ListedEntry, Mode, type StreamedEntry } from '@diskcache/core'
import type { StoredHead } from '../lines/stored-value.ts'
import type { Source } from '../stores/source.ts'
import { keyOf } from '../stores/stored-disk.ts'
import { isDamage } from './export-parts.ts'

/** A value as a stream, what its bytes are, and the entry that it is of. */
export interface StreamedValue {
  readonly listed: ListedEntry
  readonly head: StoredHead
  readonly stream: Readable
  /** Left out where there are none. */
  readonly metadata?: unknown
}

/** The number of times that an entry is looked at again, because it was replaced when its value was opened. */
const MAX_ATTEMPTS = 5

/**
 * Returns the value of an entry as a stream, or `undefined` where it cannot be read as one, or is not there. What a value
 * is stands beside it: so the entry must be the same after it was opened.
 */
export async function valueStream(source: Source, first: ListedEntry): Promise<StreamedValue | undefined> {
  let listed: ListedEntry | undefined = first
  for (let attempt = 0; listed !== undefined && attempt < MAX_ATTEMPTS; attempt++) {
    const head = streamHead(listed, source.about.codec)
    if (head === undefined) return undefined
    const opened = await openStream(source, listed)
    const now = await source.again(listed)
    if (opened !== undefined && now !== undefined && isSame(listed, now))
      return { listed, head, stream: opened.stream, metadata: opened.metadata }
    opened?.stream.destroy()
    listed = now
  }
  return undefined
}

/** Opens a value, or gives `undefined` where it is none any more that can be read as a stream. */
async function openStream(source: Source, { encodedKey }: ListedEntry): Promise<StreamedEntry | undefined> {
  try {
    return await source.streams.readEntry(keyOf(encodedKey) as Key)
  } catch (error) {
    // Neither bytes nor a text.
    if (error instanceof TypeError || isDamage(error)) return undefined
    throw error
  }
}

function isSame(a: ListedEntry, b: ListedEntry): boolean {
  return a.storeTime === b.storeTime && a.kind === b.kind && a.bytes === b.bytes && a.isInFile === b.isInFile
}

/** Returns what the bytes are of a value that can be read as a stream. */
function streamHead({ kind, isInFile }: ListedEntry, codec: string): StoredHead | undefined {
  if (!isInFile) return undefined
  if (kind === 'stream') return { mode: Mode.stream, form: 'b' }
  if (codec !== Disk.codec || (kind !== 'text' && kind !== 'bytes')) return undefined
  return { mode: Mode.raw, form: kind === 'text' ? 's' : 'b' }
}
