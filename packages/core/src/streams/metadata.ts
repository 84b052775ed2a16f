import { encodedValue, formedBytes } from '../codec/column-bytes.ts'
import type { EncodedValue } from '../codec/columns.ts'
import type { Disk } from '../codec/disk.ts'
import { DiskCacheError, hasCode } from '../contract/errors.ts'

/** The most bytes that metadata have as they are stored: they are read together with their entry, whoever wants them. */
const MAX_METADATA_BYTES = 64 * 1024

/**
 * Returns metadata as they stand beside the bytes of a stream: what they are, as one character, and their own bytes;
 * `undefined` for none.
 *
 * @throws RangeError for more than 64 KiB
 * @throws DiskCacheError ERR_DISKCACHE_UNSUPPORTED_VALUE for what the codec does not keep
 */
export function encodeMetadata(disk: Disk, metadata: unknown): Buffer | undefined {
  if (metadata === undefined) return undefined
  const { form, bytes } = formedBytes(encode(disk, metadata))
  if (bytes.length <= MAX_METADATA_BYTES) return Buffer.concat([Buffer.of(form), bytes])
  throw new RangeError(
    `Cannot use metadata: expected at most ${MAX_METADATA_BYTES} bytes as they are stored, got ${bytes.length}; ` +
      'store the rest as an entry of its own',
  )
}

/**
 * Returns the metadata that {@link encodeMetadata} took.
 *
 * @throws DiskCacheError ERR_DISKCACHE_CORRUPT for damaged bytes, ERR_DISKCACHE_FORMAT as the codec does
 */
export function decodeMetadata(disk: Disk, bytes: Buffer): unknown {
  // The value may share its bytes, and whoever has these may keep them.
  const own = Buffer.from(bytes)
  const { mode, data } = encodedValue({ form: own[0] as number, bytes: own.subarray(1) })
  return disk.decodeValue(mode, data)
}

function encode(disk: Disk, metadata: unknown): EncodedValue {
  try {
    return disk.encodeValue(metadata)
  } catch (error) {
    if (!hasCode(error, 'ERR_DISKCACHE_UNSUPPORTED_VALUE')) throw error
    const { code, message } = error as DiskCacheError
    const own = message.replace('Cannot store value', 'Cannot store metadata')
    throw new DiskCacheError(code, own, { cause: error })
  }
}
