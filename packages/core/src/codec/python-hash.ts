import type { Column } from './columns.ts'

const MODULUS = 65_521

/** The number of bytes after which both sums are still small integers, which are quicker than others. */
const BLOCK = 3_800

/** Returns Python's `Disk.hash` of an encoded key, so that both find a key in the same shard. */
export function pythonHash(key: Column): number {
  if (typeof key === 'bigint') return Number(((key % 0xffffffffn) + 0xffffffffn) % 0xffffffffn)
  if (typeof key === 'number') return adler32(doubleBytes(key))
  return adler32(typeof key === 'string' ? Buffer.from(key, 'utf8') : (key ?? Buffer.alloc(0)))
}

/** Returns the Adler-32 checksum of RFC 1950, section 8.2. */
export function adler32(bytes: Uint8Array): number {
  let a = 1
  let b = 0
  for (let start = 0; start < bytes.length; start += BLOCK) {
    const end = Math.min(start + BLOCK, bytes.length)
    for (let i = start; i < end; i++) {
      a += bytes[i] as number
      b += a
    }
    a %= MODULUS
    b %= MODULUS
  }
  return b * 65_536 + a
}

function doubleBytes(value: number): Buffer {
  const bytes = Buffer.alloc(8)
  bytes.writeDoubleBE(value)
  return bytes
}
