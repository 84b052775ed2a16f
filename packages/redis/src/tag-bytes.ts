import { asBuffer, type Column, narrow, quote, type Tag } from '@diskcache/core'
import { columnBytes, columnOf, type Form } from './column-bytes.ts'

const LENGTH = 5

/** Throws `TypeError` for what cannot be a tag. */
export function encodeTags(tags: Tag | readonly Tag[]): Buffer {
  return Buffer.concat((Array.isArray(tags) ? tags : [tags]).map(encodeTag))
}

/** A tag as it stands in an entry: its type, its length in four bytes, and its bytes. Equal tags give equal bytes. */
export function encodeTag(tag: Tag): Buffer {
  const { form, bytes } = columnBytes(tagColumn(tag))
  const head = Buffer.allocUnsafe(LENGTH)
  head[0] = form
  head.writeUInt32BE(bytes.length, 1)
  return Buffer.concat([head, bytes])
}

export function decodeTags(bytes: Buffer): Tag[] {
  const tags: Tag[] = []
  for (let at = 0; at < bytes.length; ) {
    const start = at + LENGTH
    const end = start + bytes.readUInt32BE(at + 1)
    const column = columnOf({ form: bytes[at] as Form, bytes: bytes.subarray(start, end) })
    tags.push((typeof column === 'bigint' ? narrow(column) : column) as Tag)
    at = end
  }
  return tags
}

function tagColumn(tag: unknown): Column {
  if (typeof tag === 'string' && tag.isWellFormed()) return tag
  if (typeof tag === 'number' && !Number.isNaN(tag)) return Number.isSafeInteger(tag) ? BigInt(tag) : tag
  if (tag instanceof Uint8Array) return asBuffer(tag)
  throw new TypeError(`Cannot use tag ${quote(tag)}: expected a string, a number or bytes`)
}
