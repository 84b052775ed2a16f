import { hash } from 'node:crypto'
import { LRUCache } from 'lru-cache'

/** How many digests are kept: most requests are for the same few things. */
const MAX_KEPT = 1_000

/** Those of longer texts are made anew; characters. */
const MAX_KEPT_LENGTH = 1_024

const kept = new LRUCache<string, string>({ max: MAX_KEPT })

/**
 * Returns a digest of a list. Each part goes in with its length, so that no two lists read alike; an absent part has
 * none.
 */
export function digest(parts: readonly (string | undefined)[]): string {
  let text = ''
  for (const part of parts) text += part === undefined ? '-' : `${part.length}:${part}`
  const known = kept.get(text)
  if (known !== undefined) return known
  const made = hash('sha256', text, 'base64url')
  if (text.length <= MAX_KEPT_LENGTH) kept.set(text, made)
  return made
}
