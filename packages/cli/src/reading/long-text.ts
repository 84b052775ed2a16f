import { createHash } from 'node:crypto'

/** What the id of a key or a tag begins with that is too long for one. No letter of another id is it. */
export const LONG = 'long:'

/** The characters that are shown of what is too long. */
export const SHOWN_OF_LONG = 1_000

/** Returns the id of what is too long for one, by what is known of it. */
export function longId(...known: readonly unknown[]): string {
  return `${LONG}${createHash('sha256')
    .update(JSON.stringify(known.map(String)))
    .digest('hex')}`
}
