import type { Column } from '../../codec/columns.ts'

/**
 * Returns the least value that sorts after all strings with this prefix. SQLite sorts text by its UTF-8 bytes, before
 * blobs.
 */
export function afterPrefix(prefix: string): string | Buffer {
  const points = Array.from(prefix, (character) => character.codePointAt(0) as number)
  for (let last = points.pop(); last !== undefined; last = points.pop()) {
    if (last === 0x10ffff) continue
    // The surrogates between have no UTF-8 form.
    return String.fromCodePoint(...points, last === 0xd7ff ? 0xe000 : last + 1)
  }
  return Buffer.alloc(0)
}

/** Returns whether the key of a row is a string with this prefix. */
export function hasPrefix(
  { key, raw }: { readonly key: Column; readonly raw: bigint },
  prefix: string,
): boolean {
  return raw === 1n && typeof key === 'string' && key.startsWith(prefix)
}
