/** Gives the number of a key, below `count`. */
export type Draw = () => number

/** Keys that are visited far more often than the others. */
const HOT_KEYS = 1_000
const HOT_SHARE = 0.9

/** Coprime to the counts of keys, so that neighbours in this order lie far from each other in the table. */
const STRIDE = 617_293

/** The `i`th of `count` keys in an order that goes all over them. */
export function scattered(i: number, count: number): number {
  return (i * STRIDE) % count
}

/** Every key as often as any other. */
export function uniformDraw(count: number, random: () => number): Draw {
  return () => Math.floor(random() * count)
}

/** Nine times out of ten one of a thousand keys, which lie scattered among the others. */
export function hotDraw(count: number, random: () => number): Draw {
  const hot = Math.min(HOT_KEYS, count)
  return () =>
    random() < HOT_SHARE ? scattered(Math.floor(random() * hot), count) : Math.floor(random() * count)
}
