import {
  type Column,
  type ColumnForm,
  columnBytes,
  columnOf,
  columnToTag,
  corruptEntry,
  distinctTags,
  type Tag,
} from '@diskcache/core'

const LENGTH = 5

/** Throws `TypeError` for what cannot be a tag, `RangeError` for too many. */
export function encodeTags(tags: Tag | readonly Tag[]): Buffer {
  return Buffer.concat(distinctTags(tags).map(encodeTagColumn))
}

/**
 * A tag as it stands in an entry: its type, its length in four bytes, and its bytes; nothing for `null`, which stands for
 * no tag. Equal tags give equal bytes.
 */
export function encodeTagColumn(tag: Column): Buffer {
  if (tag === null) return Buffer.alloc(0)
  const { form, bytes } = columnBytes(tag)
  const head = Buffer.allocUnsafe(LENGTH)
  head[0] = form
  head.writeUInt32BE(bytes.length, 1)
  return Buffer.concat([head, bytes])
}

/** Returns whether a tag, as `encodeTag` gives it, is among these; or, where it is empty, whether there is none. */
export function includesTag(tags: Buffer, tag: Buffer): boolean {
  if (tag.length === 0) return tags.length === 0
  for (let at = 0; at < tags.length; ) {
    const end = tagEnd(tags, at)
    if (tag.equals(tags.subarray(at, end))) return true
    at = end
  }
  return false
}

export function decodeTags(bytes: Buffer): Tag[] {
  const tags: Tag[] = []
  for (let at = 0; at < bytes.length; ) {
    const end = tagEnd(bytes, at)
    const column = columnOf({ form: bytes[at] as ColumnForm, bytes: bytes.subarray(at + LENGTH, end) })
    if (column === null) throw corruptEntry()
    tags.push(columnToTag(column))
    at = end
  }
  return tags
}

function tagEnd(tags: Buffer, at: number): number {
  if (at + LENGTH > tags.length) throw corruptEntry()
  const end = at + LENGTH + tags.readUInt32BE(at + 1)
  if (end > tags.length) throw corruptEntry()
  return end
}
