import { hash } from 'node:crypto'
import { encodeCanonicalKey, type Key } from '@diskcache/core'
import type { ExecutionContext } from '@nestjs/common'
import type { ResponseOptions } from './response-options.ts'

/**
 * Returns whom the response belongs to, as a digest, since it may be a secret; `null` when that is not known, and
 * `undefined` when the response is everybody's.
 *
 * @throws TypeError when `trackBy` gives what cannot be a key
 */
export async function ownerOf(
  { trackBy }: ResponseOptions,
  request: never,
  context: ExecutionContext,
): Promise<string | null | undefined> {
  if (trackBy === undefined) return undefined
  const owner = await trackBy(request, context)
  return isKnown(owner) ? hash('sha256', encoded(owner), 'base64url') : null
}

/** Returns whether this is somebody: `NaN` is what comes of an id that is missing, or no number. */
function isKnown(owner: Key | null | undefined): owner is Key {
  return owner !== undefined && owner !== null && ![owner].flat(Infinity).some(Number.isNaN)
}

function encoded(owner: Key): Uint8Array {
  try {
    return encodeCanonicalKey(owner)
  } catch (cause) {
    throw new TypeError(`Cannot use what trackBy gave: ${(cause as Error).message}`, { cause })
  }
}
