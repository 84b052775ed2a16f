import { type Key, keyFromText, keyText, type Pin, type Tag } from '@diskcache/core'
import { checkMembers, isObject, WrongLine } from './sealed-line.ts'
import {
  bytesOfBase64,
  bytesOfStored,
  checkHead,
  columnOfJson,
  columnToJson,
  type StoredHead,
  StoredKey,
  type StoredValue,
  storedOfBytes,
} from './stored-value.ts'

/** What an entry is stored with beside its value, of a key as it is, or as it is stored. */
export interface LineOptions {
  readonly key: Key | StoredKey
  /** The moment at which the entry expires, in epoch milliseconds, `null` for never. */
  readonly expireTime: number | null
  readonly tags: readonly Tag[]
  readonly pin: Pin
}

/** A value on a line: as JSON, as it is stored, or said to be on the lines that follow, in parts. */
export type LineValue =
  | { readonly json: unknown }
  | { readonly stored: StoredValue }
  | { readonly parts: StoredHead }

/** What is written beside the bytes of a value, which is short. */
export type LineMetadata = Exclude<LineValue, { parts: StoredHead }>

/** An entry on a line. */
export interface LineEntry extends LineOptions {
  readonly value: LineValue
  /** Left out where there are none. */
  readonly metadata?: LineMetadata | undefined
}

const NAMES = ['key', 'id', 'value', 'stored', 'expires', 'tags', 'pin', 'metadata', 'storedMetadata']

/** Returns the line of an entry, without its checksum. A value as JSON is given as text. */
export function entryLine(
  { key, expireTime, tags, pin }: LineOptions,
  value: { readonly jsonText: string } | Exclude<LineValue, { json: unknown }>,
  metadata?: WrittenMetadata | undefined,
): string {
  const rest = [
    metadata === undefined ? '' : `,${metadataMember(metadata)}`,
    expireTime === null ? '' : `,"expires":${expireTime}`,
    tags.length === 0 ? '' : `,"tags":${JSON.stringify(tags.map(tagToJson))}`,
    pin === false ? '' : `,"pin":${JSON.stringify(pin)}`,
  ]
  return `{${keyMember(key)},${valueMember(value)}${rest.join('')}}`
}

type WrittenMetadata = { readonly jsonText: string } | { readonly stored: StoredValue }

function metadataMember(metadata: WrittenMetadata): string {
  if ('jsonText' in metadata) return `"metadata":${metadata.jsonText}`
  return `"storedMetadata":${storedJson(metadata.stored)}`
}

function keyMember(key: Key | StoredKey): string {
  if (key instanceof StoredKey) return `"id":${JSON.stringify(keyText(key.encoded))}`
  return `"key":${JSON.stringify(key)}`
}

function valueMember(value: { readonly jsonText: string } | Exclude<LineValue, { json: unknown }>): string {
  if ('jsonText' in value) return `"value":${value.jsonText}`
  if ('parts' in value) return `"stored":${JSON.stringify({ ...value.parts, parts: true })}`
  return `"stored":${storedJson(value.stored)}`
}

function storedJson(stored: StoredValue): string {
  const { head, bytes } = bytesOfStored(stored)
  return JSON.stringify({ ...head, base64: bytes.toString('base64') })
}

function tagToJson(tag: Tag): unknown {
  return typeof tag === 'string' || (typeof tag === 'number' && Number.isFinite(tag))
    ? tag
    : columnToJson(typeof tag === 'number' ? tag : Buffer.from(tag))
}

/** Returns the entry of a line; throws `WrongLine` for what is none. */
export function lineEntry(members: Readonly<Record<string, unknown>>): LineEntry {
  checkMembers(members, NAMES)
  const { expires = null, tags = [], pin = false } = members
  if (expires !== null && !(typeof expires === 'number' && Number.isFinite(expires)))
    throw new WrongLine('"expires" is no time in epoch milliseconds')
  if (!Array.isArray(tags)) throw new WrongLine('"tags" is no array')
  if (typeof pin !== 'boolean' && pin !== 'share') throw new WrongLine('"pin" is neither true nor "share"')
  return {
    key: keyOf(members),
    value: valueMemberOf(members),
    expireTime: expires,
    tags: tags.map(tagOfJson),
    pin,
    ...metadataOf(members),
  }
}

function metadataOf({
  metadata,
  storedMetadata: stored,
  value,
}: Readonly<Record<string, unknown>>): Pick<LineEntry, 'metadata'> {
  if (metadata === undefined && stored === undefined) return {}
  if (metadata !== undefined && stored !== undefined)
    throw new WrongLine('it needs one of "metadata" and "storedMetadata"')
  if (value !== undefined && typeof value !== 'string')
    throw new WrongLine('metadata stand beside bytes or a text alone')
  if (metadata !== undefined) return { metadata: { json: metadata } }
  if (!isObject(stored)) throw new WrongLine('"storedMetadata" is no object')
  checkMembers(stored, ['mode', 'form', 'base64'])
  return { metadata: { stored: storedOfBytes(checkHead(stored), bytesOfBase64(stored.base64)) } }
}

function keyOf({ key, id }: Readonly<Record<string, unknown>>): Key | StoredKey {
  if ((key === undefined) === (id === undefined)) throw new WrongLine('it needs one of "key" and "id"')
  if (key !== undefined) {
    if (typeof key === 'string' || (typeof key === 'number' && Number.isFinite(key))) return key
    throw new WrongLine('"key" is neither a string nor a number')
  }
  if (typeof id !== 'string') throw new WrongLine('"id" is no string')
  try {
    return new StoredKey(keyFromText(id))
  } catch {
    throw new WrongLine('"id" is not the text of a key')
  }
}

function valueMemberOf(members: Readonly<Record<string, unknown>>): LineValue {
  const { value, stored } = members
  if ((value === undefined) === (stored === undefined))
    throw new WrongLine('it needs one of "value" and "stored"')
  if (value !== undefined) return { json: value }
  if (!isObject(stored)) throw new WrongLine('"stored" is no object')
  const head = checkHead(stored)
  if (stored.parts !== true) {
    checkMembers(stored, ['mode', 'form', 'base64'])
    return { stored: storedOfBytes(head, bytesOfBase64(stored.base64)) }
  }
  checkMembers(stored, ['mode', 'form', 'parts'])
  return { parts: head }
}

function tagOfJson(json: unknown): Tag {
  const tag = isObject(json) ? columnOfJson(json) : json
  if (typeof tag === 'string' || typeof tag === 'number' || Buffer.isBuffer(tag)) return tag
  throw new WrongLine(`a tag is neither a string, nor a number, nor bytes: ${JSON.stringify(json)}`)
}
