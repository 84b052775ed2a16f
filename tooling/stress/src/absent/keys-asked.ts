import { Random } from '../../../../packages/cache/tests/processes/random.ts'

/** Keys that are asked for again and again, from the warm-up on. */
export const HOT_KEYS = Array.from({ length: 20 }, (_, i) => `hot ${i}`)

/** Keys that are asked for now and then. */
const COLD = 280

/** How many requests follow each other for a key that is new, of which one in five is for such a key. */
const FRESH_ASKED = 5
const FRESH_EVERY = 5

/** Returns the keys of so many requests, one after the other. */
export function keysAsked(seed: number, count: number): readonly string[] {
  const random = new Random(seed)
  return Array.from({ length: count }, (_, i) => {
    if (i % FRESH_EVERY === 0) return `fresh ${Math.floor(i / (FRESH_EVERY * FRESH_ASKED))}`
    return random.chance(0.5) ? random.pick(HOT_KEYS) : `cold ${random.below(COLD)}`
  })
}
