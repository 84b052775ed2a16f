/** Odd, so that different seeds stay different; large, so that neighbouring ones do not begin alike (Knuth). */
const SCRAMBLE = 2_654_435_761

/** Numbers from 0 up to 1, the same for the same seed: the xorshift generator of 32 bits by Marsaglia (2003). */
export function seededRandom(seed: number): () => number {
  // Zero would stay zero for ever.
  let state = Math.imul(seed + 1, SCRAMBLE) >>> 0 || 1
  return () => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    return (state >>> 0) / 2 ** 32
  }
}

/** Ranks from 0 up to `count`, the `r`th as often as 1 / r says: Zipf's law. */
export function zipfRanks(count: number, seed: number): () => number {
  const random = seededRandom(seed)
  return () => Math.floor(count ** random()) - 1
}
