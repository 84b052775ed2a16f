import { createHash } from 'node:crypto'

const ITEMS = 100

/** About so many bytes of JSON in an item, of which there are `ITEMS`. */
const DIGITS = 64

/** The work that a cache saves: about two milliseconds of a processor. */
const HASHES = 20

/** 10 KiB of JSON that take a processor some time to make, and are the same each time. */
export function slowBody(): object {
  return {
    items: Array.from({ length: ITEMS }, (_, id) => {
      let digest = `${id}`
      for (let i = 0; i < HASHES; i++) digest = createHash('sha256').update(digest).digest('hex')
      return { id, name: `item ${id}`, digest: digest.slice(0, DIGITS) }
    }),
  }
}
