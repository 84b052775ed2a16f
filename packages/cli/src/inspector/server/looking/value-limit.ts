import type { ListedEntry } from '@diskcache/core'
import { Refusal } from '../http/refusal.ts'

/** To decode a structure takes so many times as long as to read its bytes. */
const TIMES_FOR_STRUCTURES = 16

const MIB = 1024 ** 2

/** Returns how many bytes are made of a compressed value: what they are is not known before. */
export function mostInflated(mostBytes: number): number {
  return mostBytes / TIMES_FOR_STRUCTURES
}

/** Returns why a value is too large to be read in one piece, of at most so many bytes; `undefined` when it is not. */
export function whyTooLarge({ bytes, kind }: ListedEntry, mostBytes: number): string | undefined {
  const most = kind === 'structured' ? mostInflated(mostBytes) : mostBytes
  if (bytes <= most) return undefined
  return `It is too large to be read here: it has ${Math.ceil(bytes / MIB)} MiB, and at most ${most / MIB} MiB are read`
}

/** Refuses to read a value that is too large. */
export function checkSize(entry: ListedEntry, mostBytes: number): void {
  const reason = whyTooLarge({ ...entry, kind: 'bytes' }, mostBytes)
  if (reason !== undefined) throw new Refusal(413, reason)
}
