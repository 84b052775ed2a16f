/** The bits of a block. A row with as many is small, and blocks of fewer bits would be filled less evenly. */
export const BLOCK_BITS = 4_096
export const BLOCK_BYTES = BLOCK_BITS / 8

/** The most blocks of a filter: 32 MiB. */
export const MOST_BLOCKS = 2 ** 16

/** How a Bloom filter is laid out. It follows from the capacity and the error rate alone, in every process. */
export interface BloomLayout {
  /** The number of blocks. A value concerns one of them. */
  readonly blocks: number
  /** The number of bits that a value sets in its block; some of them may be the same. */
  readonly hashes: number
}

/**
 * Returns the layout with the fewest blocks, give or take one in a hundred, that keeps to the error rate when the filter
 * is full.
 *
 * @throws RangeError when these are more than a filter may have
 */
export function bloomLayout(capacity: number, errorRate: number): BloomLayout {
  const hashes = Math.max(1, Math.round(-Math.log2(errorRate)))
  let blocks = Math.max(1, Math.floor((capacity * hashes) / Math.LN2 / BLOCK_BITS))
  while (blocks <= MOST_BLOCKS && expectedErrorRate(capacity / blocks, hashes) > errorRate)
    blocks += Math.ceil(blocks / 100)
  if (blocks <= MOST_BLOCKS) return { blocks, hashes }
  throw new RangeError(
    `Cannot use a capacity of ${capacity} at an error rate of ${errorRate}: the filter would be larger than 32 MiB`,
  )
}

/**
 * The rate at which values that were not added are found: a block has so many values on average, and by chance more or
 * fewer, as Poisson says (Putze, Sanders, Singler: Cache-, Hash- and Space-Efficient Bloom Filters, 2007).
 */
function expectedErrorRate(average: number, hashes: number): number {
  const most = average + 10 * Math.sqrt(average) + 20
  let rate = 0
  let logChance = -average
  for (let values = 1; values <= most; values++) {
    logChance += Math.log(average / values)
    const filled = 1 - (1 - 1 / BLOCK_BITS) ** (hashes * values)
    rate += Math.exp(logChance) * filled ** hashes
  }
  return rate
}
