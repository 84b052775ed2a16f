import type { Key } from '@diskcache/core'
import { keyOfId } from '../../../reading/key-id.ts'
import { LONG } from '../../../reading/long-text.ts'
import { Refusal } from '../http/refusal.ts'

/** Returns the key of an id that was sent, which may be anything. */
export function askedKey(id: string): Key {
  if (id.startsWith(LONG)) throw new Refusal(413, 'The key is too long to be asked for here')
  try {
    return keyOfId(id)
  } catch {
    throw new Refusal(400, 'Cannot use id: it is not that of a key')
  }
}
