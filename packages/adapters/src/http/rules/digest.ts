import { hash } from 'node:crypto'
import { remembered } from './remembered.ts'

/**
 * Returns a digest of a list. Each part goes in with its length, so that no two lists read alike; an absent part has
 * none.
 */
export function digest(parts: readonly (string | undefined)[]): string {
  let text = ''
  for (const part of parts) text += part === undefined ? '-' : `${part.length}:${part}`
  return digestOf('', text)
}

const digestOf = remembered((_, text) => hash('sha256', text, 'base64url'))
