import type { RawValue } from '@diskcache/core'
import type { Target } from '../../../reading/target.ts'
import { bytesOf, pictureType } from '../../../reading/value-view.ts'
import { Refusal } from '../http/refusal.ts'
import { askedKey } from './asked-key.ts'

/** A picture, and what it is. */
export interface StoredPicture {
  readonly mediaType: string
  readonly bytes: Buffer
}

/** Returns the bytes of a value as they are stored, compressed or damaged as they may be. */
export async function storedBytes(target: Target, id: string): Promise<Buffer> {
  const bytes = bytesOf(await rawValue(target, id))
  if (bytes !== undefined) return bytes
  throw new Refusal(404, 'The file of the value is gone')
}

/**
 * Returns a value that is a picture, by its first bytes.
 *
 * @throws DiskCacheError for one that cannot be read
 */
export async function storedPicture(target: Target, id: string): Promise<StoredPicture> {
  const value = (await rawValue(target, id)).read()
  const bytes = Buffer.isBuffer(value) ? value : Buffer.alloc(0)
  const mediaType = pictureType(bytes)
  if (mediaType === undefined) throw new Refusal(404, 'The value is no picture')
  return { mediaType, bytes }
}

async function rawValue({ listing }: Target, id: string): Promise<RawValue> {
  const raw = await listing.raw(askedKey(id))
  if (raw !== undefined) return raw
  throw new Refusal(404, 'The entry is gone')
}
