import type { RawValue } from '@diskcache/core'
import type { Target } from '../../../reading/targets/target.ts'
import { bytesOf, pictureType } from '../../../reading/value-view.ts'
import { Refusal } from '../http/refusal.ts'
import { askedKey } from './asked-key.ts'
import { findEntry, found } from './find-entry.ts'
import { checkSize, mostInflated } from './value-limit.ts'

/** A picture, and what it is. */
export interface StoredPicture {
  readonly mediaType: string
  readonly bytes: Buffer
}

/** Returns the bytes of a value as they are stored, compressed or damaged as they may be. */
export async function storedBytes(target: Target, id: string, mostBytes: number): Promise<Buffer> {
  const bytes = bytesOf(await rawValue(target, id, mostBytes))
  if (bytes !== undefined) return bytes
  throw new Refusal(404, 'The file of the value is gone')
}

/**
 * Returns a value that is a picture, by its first bytes.
 *
 * @throws DiskCacheError for one that cannot be read
 */
export async function storedPicture(target: Target, id: string, mostBytes: number): Promise<StoredPicture> {
  const value = (await rawValue(target, id, mostBytes)).read(mostInflated(mostBytes))
  const bytes = Buffer.isBuffer(value) ? value : Buffer.alloc(0)
  const mediaType = pictureType(bytes)
  if (mediaType === undefined) throw new Refusal(404, 'The value is no picture')
  return { mediaType, bytes }
}

async function rawValue(target: Target, id: string, mostBytes: number): Promise<RawValue> {
  const key = askedKey(id)
  checkSize(found(await findEntry(target, key, id)), mostBytes)
  return found(await target.listing.raw(key))
}
