/**
 * Gives ranks from 0 to below `count`; rank `r` as often as 1 / (r + 1) says, relative to the others: Zipf's law, which
 * what people ask for follows roughly.
 */
export function zipfDraw(count: number, random: () => number): () => number {
  const sums = new Float64Array(count)
  let sum = 0
  for (let rank = 0; rank < count; rank++) {
    sum += 1 / (rank + 1)
    sums[rank] = sum
  }
  return () => firstAbove(sums, random() * sum)
}

/** The share of all draws that are among the `first` of `count` ranks. */
export function zipfShare(first: number, count: number): number {
  const harmonic = (n: number) => {
    let sum = 0
    for (let rank = 1; rank <= n; rank++) sum += 1 / rank
    return sum
  }
  return harmonic(first) / harmonic(count)
}

function firstAbove(sums: Float64Array, value: number): number {
  let [low, high] = [0, sums.length - 1]
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((sums[middle] ?? 0) > value) high = middle
    else low = middle + 1
  }
  return low
}
