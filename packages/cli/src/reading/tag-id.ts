import { DiskCacheError, type Tag } from '@diskcache/core'
import { longId, SHOWN_OF_LONG } from './long-text.ts'

/** Returns a label as text that {@link tagOfId} turns back into it: JSON, with bytes as `{"hex":"…"}`. */
export function idOfTag(tag: Tag): string {
  return JSON.stringify(tag instanceof Uint8Array ? { hex: Buffer.from(tag).toString('hex') } : numbers(tag))
}

/**
 * Returns the label of an id.
 *
 * @throws DiskCacheError ERR_DISKCACHE_FORMAT for what is no id
 */
export function tagOfId(id: string): Tag {
  const parsed = parse(id)
  if (typeof parsed === 'string' || typeof parsed === 'number') return parsed
  const { hex, number } = (parsed ?? {}) as { hex?: unknown; number?: unknown }
  if (typeof hex === 'string' && /^(?:[\da-f]{2})*$/i.test(hex)) return Buffer.from(hex, 'hex')
  if (typeof number === 'string' && !Number.isNaN(Number(number))) return Number(number)
  throw new DiskCacheError(
    'ERR_DISKCACHE_FORMAT',
    `Cannot use the id ${JSON.stringify(id)}: it is not that of a tag`,
  )
}

/** Returns a label as it is shown to people. */
export function shownTag(tag: Tag): string {
  return tag instanceof Uint8Array ? `bytes ${Buffer.from(tag).toString('hex')}` : String(tag)
}

/** A label as it is shown. */
export interface TagView {
  /** The id; of a long one it is that of nothing else, and cannot be turned back. */
  readonly id: string
  readonly text: string
  readonly isLong: boolean
}

/** Returns a label with its id, and only the beginning of one that is longer than that. */
export function tagView(tag: Tag, mostLength = SHOWN_OF_LONG): TagView {
  const length = typeof tag === 'number' ? 0 : tag.length
  if (length <= mostLength) return { id: idOfTag(tag), text: shownTag(tag), isLong: false }
  const text = `${shownTag((tag as string | Uint8Array).slice(0, mostLength))}…`
  return { id: longId(text, length), text, isLong: true }
}

/** JSON has no infinite numbers, and no negative zero. */
function numbers(tag: string | number): unknown {
  return typeof tag === 'number' && (!Number.isFinite(tag) || Object.is(tag, -0))
    ? { number: inexact(tag) }
    : tag
}

function inexact(tag: number): string {
  return Object.is(tag, -0) ? '-0' : String(tag)
}

function parse(id: string): unknown {
  try {
    return JSON.parse(id)
  } catch {
    return undefined
  }
}
