/** The middle value, or the mean of the two in the middle. */
export function median(values: readonly number[]): number {
  if (values.length === 0) throw new RangeError('Cannot take the median: there are no values')
  const sorted = values.toSorted((a, b) => a - b)
  const middle = Math.floor(sorted.length / 2)
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2
}

/**
 * The median of `a[i] / b[i]`. Both of a pair were measured within the same moment, so what slows the machine down for
 * a while slows both and leaves their quotient alone; the quotient of two medians would not have this property.
 */
export function medianRatio(a: readonly number[], b: readonly number[]): number {
  if (a.length !== b.length) throw new RangeError(`Cannot pair ${a.length} values with ${b.length}`)
  return median(a.map((value, i) => value / b[i]!))
}
