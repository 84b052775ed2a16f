/** How much is kept, before all is given up. */
const MAX_KEPT = 1_000

/** What is told by longer texts is made anew; characters. */
const MAX_KEPT_LENGTH = 1_024

/**
 * Returns a function that makes the same of two texts as another, and keeps what it has made: most requests are for the
 * same few things. It is given two texts, and looks one up after the other, since to join them would take longer.
 */
export function remembered<R>(
  make: (first: string, second: string) => R,
): (first: string, second: string) => R {
  const kept = new Map<string, Map<string, R>>()
  let count = 0
  return (first, second) => {
    const known = kept.get(first)?.get(second)
    if (known !== undefined) return known
    const made = make(first, second)
    if (first.length + second.length > MAX_KEPT_LENGTH) return made
    if (count === MAX_KEPT) {
      kept.clear()
      count = 0
    }
    const seconds = kept.get(first) ?? new Map<string, R>()
    kept.set(first, seconds.set(second, made))
    count++
    return made
  }
}
