import { type Column, columnToTag, type Tag, tagToColumn } from '@diskcache/core'
import { columnBytes, columnOf, type Form } from './column-bytes.ts'

const LENGTH = 5

/** Throws `TypeError` for what cannot be a tag. */
export function encodeTags(tags: Tag | readonly Tag[]): Buffer {
  return Buffer.concat((Array.isArray(tags) ? tags : [tags]).map(encodeTag))
}

/** A tag as it stands in an entry: its type, its length in four bytes, and its bytes. Equal tags give equal bytes. */
export function encodeTag(tag: Tag): Buffer {
  const { form, bytes } = columnBytes(tagToColumn(tag))
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
    tags.push(columnToTag(column as NonNullable<Column>))
    at = end
  }
  return tags
}
