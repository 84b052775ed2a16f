/**
 * The most uses of an entry that the policy `s3-fifo` counts, in the last bits of the column `access_count` (format page,
 * "Eviction").
 */
export const MOST_USES = 3

/** The bit of the same column that says that the entry stands in the main queue. */
export const MAIN_QUEUE = 4

/** The column with one use more. */
export const ONE_USE_MORE = `(access_count & ${MAIN_QUEUE | MOST_USES}) + (access_count & ${MOST_USES} < ${MOST_USES})`

/** Returns the uses that a column says; none for what is no number, in a damaged row. */
export function usesOf(accessCount: unknown): number {
  return Number(accessCount) & MOST_USES
}

/** Returns whether the entry stands in the main queue. */
export function isInMain(accessCount: unknown): boolean {
  return (Number(accessCount) & MAIN_QUEUE) !== 0
}
