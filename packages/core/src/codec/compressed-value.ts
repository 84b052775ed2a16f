import { DiskCacheError } from '../contract/errors.ts'
import { encodedValue, formedBytes } from './column-bytes.ts'
import { type EncodedValue, Mode } from './columns.ts'
import {
  type Compression,
  decompress,
  isAlgorithm,
  MAX_COMPRESSED_LENGTH,
} from './compression/compression.ts'

/**
 * The first byte of what is no MessagePack, which never uses it. A table of nodes goes on with an array of MessagePack,
 * a compressed value with the number of its algorithm.
 */
const NO_MESSAGE = 0xc1

const HEADER_LENGTH = 2

/** Returns an encoded value compressed, or as it is when it is too short for that, or would become no shorter. */
export function compressed(value: EncodedValue, compression: Compression): EncodedValue {
  if (!isLong(value, compression.minBytes)) return value
  const { form, bytes } = formedBytes(value)
  if (bytes.length < compression.minBytes || bytes.length >= MAX_COMPRESSED_LENGTH) return value
  // The form stands within, where the algorithm's own checksum guards it.
  const found = compression.compress(Buffer.concat([Buffer.of(form), bytes]))
  if (found.length + HEADER_LENGTH >= bytes.length) return value
  return { mode: Mode.msgpack, data: Buffer.concat([Buffer.of(NO_MESSAGE, compression.algorithm), found]) }
}

/** Returns whether the bytes of mode `msgpack` are a compressed value. */
export function isCompressed(bytes: Buffer): boolean {
  return bytes[0] === NO_MESSAGE && isAlgorithm(bytes[1])
}

/**
 * Returns the encoded value that {@link compressed} took.
 *
 * @throws DiskCacheError ERR_DISKCACHE_CORRUPT for damaged bytes, ERR_DISKCACHE_FORMAT where this Node lacks the algorithm
 */
export function decompressed(bytes: Buffer): EncodedValue {
  try {
    const inner = decompress(bytes[1] as number, bytes.subarray(HEADER_LENGTH))
    return encodedValue({ form: inner[0] as number, bytes: inner.subarray(1) })
  } catch (cause) {
    if (cause instanceof DiskCacheError) throw cause
    throw new DiskCacheError(
      'ERR_DISKCACHE_CORRUPT',
      'Cannot decode a value: its compressed bytes are damaged',
      {
        cause,
      },
    )
  }
}

/** Returns whether data may be as long as that: the units of a text have at most three bytes each. */
function isLong({ data }: EncodedValue, minBytes: number): boolean {
  if (typeof data === 'string') return data.length * 3 >= minBytes
  return Buffer.isBuffer(data) && data.length >= minBytes
}
