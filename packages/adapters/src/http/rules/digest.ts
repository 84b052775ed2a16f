import { hash } from 'node:crypto'

/**
 * Returns a digest of a list. Each part goes in with its length, so that no two lists read alike; an absent part has
 * none.
 */
export function digest(parts: readonly (string | undefined)[]): string {
  return hash('sha256', parts.map(withLength).join(''), 'base64url')
}

function withLength(part: string | undefined): string {
  return part === undefined ? '-' : `${part.length}:${part}`
}
