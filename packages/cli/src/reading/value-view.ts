import { inspect } from 'node:util'
import { hasCode, type Key, type RawValue } from '@diskcache/core'
import type { Target } from './targets/target.ts'
import { isTooLarge, isWithin, type WalkBounds, WalkBudget } from './walk-budget.ts'

/** A value as it is shown. */
export interface ValueView {
  /** How it is shown. `picture` has its bytes at an address of its own, and `hex` is a dump. */
  readonly form: 'json' | 'text' | 'picture' | 'hex'
  /** What it is in JavaScript: `string`, `number`, `Buffer`, `Map`, `Object`, `Array`, … */
  readonly type: string
  /** The value as text in that form, cut after some length; empty for a picture. */
  readonly text: string
  /** Whether the text is not all of it. */
  readonly isCut: boolean
  /** The media type of a picture, by its first bytes: PNG, JPEG, GIF, WebP, AVIF. SVG is text. */
  readonly mediaType?: string
  /** The bytes of the value as it is stored. */
  readonly bytes: number
  /** Why the value cannot be read: damaged, pickled by Python, of another codec. Then the form is `hex`, of what is stored. */
  readonly problem?: string
}

/** The most characters that are shown of a value, unless a caller wants more. */
export const SHOWN_LENGTH = 100_000

/** The most parts of a value that are walked to show it, and to show all of it. */
const MOST_PARTS = 50_000
const MOST_PARTS_OF_ALL = 5_000_000

/** How much is written of what is no JSON: as much of these as is within the budget. */
const BOUNDS: readonly Omit<WalkBounds, 'characters'>[] = [
  { depth: 20, items: 10_000 },
  { depth: 8, items: 1_000 },
  { depth: 4, items: 100 },
  { depth: 0, items: 100 },
]

/** How much of a value is shown. */
export interface ViewOptions {
  /** The characters; {@link SHOWN_LENGTH} unless given. */
  readonly length?: number
  /** The bytes that are made of a compressed one; a longer one is not read. As many as its codec allows unless given. */
  readonly mostBytes?: number | undefined
}

/** Resolves to the value of a key as it is shown, or to `undefined` when there is none. Reading it counts for nothing. */
export async function viewValue(
  { listing }: Target,
  key: Key,
  options?: ViewOptions,
): Promise<ValueView | undefined> {
  const raw = await listing.raw(key)
  return raw && viewOf(raw, options)
}

/** Returns metadata as members of an object that is printed as JSON: as they are where that can be, or else as text. */
export function metadataMembers(metadata: unknown): object {
  if (metadata === undefined) return {}
  const { form, text } = shown(metadata, Number.MAX_SAFE_INTEGER)
  if (form === 'json') return { metadata: JSON.parse(text) }
  return typeof metadata === 'string' ? { metadata } : { metadataText: text }
}

/** Returns a stored value as it is shown. */
export function viewOf(raw: RawValue, { length = SHOWN_LENGTH, mostBytes }: ViewOptions = {}): ValueView {
  const bytes = bytesOf(raw)?.length ?? 0
  try {
    return { ...shown(raw.read(mostBytes), length), bytes }
  } catch (error) {
    return { ...dump(bytesOf(raw), length), type: 'unknown', bytes, problem: problemOf(error, raw) }
  }
}

/** Returns the bytes of a value as it is stored: a number as its digits, and `undefined` when its file is gone. */
export function bytesOf({ data, filename }: RawValue): Buffer | undefined {
  if (Buffer.isBuffer(data)) return data
  if (data === null) return filename === undefined ? Buffer.alloc(0) : undefined
  return Buffer.from(String(data))
}

function shown(value: unknown, length: number): Omit<ValueView, 'bytes'> {
  if (typeof value === 'string') return { form: 'text', type: 'string', ...cut(value, length) }
  if (Buffer.isBuffer(value)) return showBytes(value, length)
  if (isTooLarge(value)) return { form: 'text', type: 'bigint', ...cut(hexNumber(value as bigint), length) }
  const budget = new WalkBudget(mostParts(length))
  const json = asJson(value, budget)
  if (json !== undefined) return { form: 'json', type: typeOf(value), ...cut(json, length) }
  const { text, isCut } = inspected(value, length)
  return { form: 'text', type: typeOf(value), text, isCut: isCut || budget.isSpent }
}

/** Returns a value as JavaScript writes it. What is left out of it for its length is said in the text. */
function inspected(value: unknown, length: number): { text: string; isCut: boolean } {
  const parts = mostParts(length)
  const bounds = BOUNDS.find((bounds) =>
    isWithin(new WalkBudget(parts), value, { ...bounds, characters: length }),
  )
  // Without any, it is its type in brackets.
  const { depth, items } = bounds ?? { depth: -1, items: 0 }
  const options = { depth, maxArrayLength: items, maxStringLength: length, breakLength: 100, sorted: false }
  const { text, isCut } = cut(inspect(value, options), length)
  return { text, isCut: isCut || bounds !== BOUNDS[0] }
}

function hexNumber(value: bigint): string {
  return value < 0n ? `-0x${(-value).toString(16)}n` : `0x${value.toString(16)}n`
}

function mostParts(length: number): number {
  return length > SHOWN_LENGTH ? MOST_PARTS_OF_ALL : MOST_PARTS
}

function showBytes(value: Buffer, length: number): Omit<ValueView, 'bytes'> {
  const mediaType = pictureType(value)
  if (mediaType !== undefined) return { form: 'picture', type: 'Buffer', text: '', isCut: false, mediaType }
  const text = textOf(value.subarray(0, length))
  if (text === undefined) return { ...dump(value, length), type: 'Buffer' }
  return { form: 'text', type: 'Buffer', text, isCut: value.length > length }
}

/** Returns the text that bytes are, or `undefined` for what is no text: not UTF-8, or with control characters. */
function textOf(bytes: Buffer): string | undefined {
  try {
    // The last character may be cut.
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: true })
    // biome-ignore lint/suspicious/noControlCharactersInRegex: it is these that no text has
    return /[\x00-\x08\x0e-\x1a\x1c-\x1f]/.test(text) ? undefined : text
  } catch {
    return undefined
  }
}

/** Returns JSON where it says all that there is of a value, as two spaces a level. */
function asJson(value: unknown, budget: WalkBudget): string | undefined {
  return isPlain(value, new Set(), budget) ? JSON.stringify(value, undefined, 2) : undefined
}

/** Returns whether JSON keeps a value, and all of it is within the budget. */
function isPlain(value: unknown, around: Set<object>, budget: WalkBudget): boolean {
  if (typeof value === 'string') return budget.takeText(value.length)
  // Each stands on a line of its own, as far in as it is deep.
  if (!budget.takeText(2 * around.size)) return false
  if (value === null || typeof value === 'boolean') return true
  if (typeof value === 'number') return Number.isFinite(value) && !Object.is(value, -0)
  if (typeof value !== 'object' || around.has(value)) return false
  around.add(value)
  const isSo = Array.isArray(value)
    ? isPlainArray(value, around, budget)
    : isPlainObject(value, around, budget)
  around.delete(value)
  return isSo
}

function isPlainArray(value: readonly unknown[], around: Set<object>, budget: WalkBudget): boolean {
  if (!budget.has(value.length) || Object.keys(value).length !== value.length) return false
  return value.every((item) => isPlain(item, around, budget))
}

function isPlainObject(value: object, around: Set<object>, budget: WalkBudget): boolean {
  const prototype = Object.getPrototypeOf(value)
  if (prototype !== null && prototype !== Object.prototype) return false
  return Object.entries(value).every(
    ([name, item]) => name !== '__proto__' && budget.takeText(name.length) && isPlain(item, around, budget),
  )
}

function typeOf(value: unknown): string {
  if (value === null) return 'null'
  if (typeof value !== 'object') return typeof value
  return Object.getPrototypeOf(value)?.constructor?.name || 'Object'
}

/** The first bytes of pictures that every browser shows, and where they stand. */
const PICTURES: readonly (readonly [mediaType: string, at: number, bytes: string])[] = [
  ['image/png', 0, '\x89PNG\r\n\x1a\n'],
  ['image/jpeg', 0, '\xff\xd8\xff'],
  ['image/gif', 0, 'GIF8'],
  ['image/webp', 8, 'WEBP'],
  ['image/avif', 4, 'ftypavif'],
]

/** Returns the media type of a picture, by its first bytes, or `undefined`. */
export function pictureType(bytes: Buffer): string | undefined {
  const isAt = (at: number, text: string) => bytes.subarray(at, at + text.length).toString('latin1') === text
  return PICTURES.find(([, at, text]) => isAt(at, text))?.[0]
}

/** Returns bytes as lines of sixteen: their place, their digits, and what of them is ASCII. */
function dump(bytes: Buffer | undefined, length: number): { form: 'hex'; text: string; isCut: boolean } {
  if (bytes === undefined) return { form: 'hex', text: '', isCut: false }
  const lines: string[] = []
  const end = Math.min(bytes.length, Math.floor(length / 78) * 16)
  for (let at = 0; at < end; at += 16) {
    const line = bytes.subarray(at, Math.min(at + 16, end))
    const digits = line.toString('hex').replaceAll(/../g, '$& ').padEnd(48)
    const ascii = line.toString('latin1').replaceAll(/[^\x20-\x7e]/g, '.')
    lines.push(`${at.toString(16).padStart(8, '0')}  ${digits} ${ascii}`)
  }
  return { form: 'hex', text: lines.join('\n'), isCut: end < bytes.length }
}

function problemOf(error: unknown, { mode, data, filename }: RawValue): string {
  if (filename !== undefined && data === null) return `Its file ${filename} is gone, or has another length`
  if (hasCode(error as Error, 'ERR_DISKCACHE_FOREIGN_VALUE'))
    return 'Python pickled it: unpickling could run any code'
  if (hasCode(error as Error, 'ERR_DISKCACHE_CORRUPT')) return 'It is damaged: it is not what was stored'
  return error instanceof Error ? error.message : `It cannot be read (mode ${mode})`
}

function cut(text: string, length: number): { text: string; isCut: boolean } {
  return { text: text.slice(0, length), isCut: text.length > length }
}
