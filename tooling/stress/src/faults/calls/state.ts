/** What keys are worth; `undefined` is none. */
export type State = Readonly<Record<string, unknown>>

export const LARGE = bytes(1)
export const LARGER = bytes(2)
export const NEWEST = bytes(3)
export const ITEM = '500000000000000'

/** What is in every directory before; large values stand in files. */
export const BEFORE: State = {
  small: 'small before',
  large: LARGE,
  counter: 5,
  'tagged small': 'tagged',
  'tagged large': LARGER,
  'of a prefix': 'prefixed',
  'file of a prefix': LARGER,
}

/** In a queue, which shards have not. */
export const QUEUED: State = { [`jobs-${ITEM}`]: LARGE }

export const TAG = 'tag'

function bytes(seed: number): Uint8Array {
  return Uint8Array.from({ length: 3_000 }, (_, i) => (i * (seed * 2 + 1)) % 251)
}
