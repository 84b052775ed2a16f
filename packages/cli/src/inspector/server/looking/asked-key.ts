import type { Key } from '@diskcache/core'
import { keyOfId } from '../../../reading/key-id.ts'
import { Refusal } from '../http/refusal.ts'

/** What the id of a key that is too long for one begins with. No letter of another id is it. */
export const LONG_KEY = 'long:'

/** Returns the key of an id that was sent, which may be anything. */
export function askedKey(id: string): Key {
  if (id.startsWith(LONG_KEY)) throw new Refusal(413, 'The key is too long to be asked for here')
  try {
    return keyOfId(id)
  } catch {
    throw new Refusal(400, 'Cannot use id: it is not that of a key')
  }
}
