const COUNT = new Intl.NumberFormat('en')
const UNITS = ['bytes', 'KiB', 'MiB', 'GiB', 'TiB'] as const

/** Returns a number with separators: `1,234`. */
export function countText(count: number): string {
  return COUNT.format(count)
}

/** Returns a number of things: `1 entry`, `1,234 entries`. */
export function countOf(count: number, one: string, many: string): string {
  return `${countText(count)} ${count === 1 ? one : many}`
}

/** Returns a number of bytes in the largest unit that leaves at least one: `1.5 KiB`. */
export function bytesText(bytes: number): string {
  if (bytes === 1) return '1 byte'
  let [amount, unit] = [bytes, 0]
  while (amount >= 1024 && unit < UNITS.length - 1) [amount, unit] = [amount / 1024, unit + 1]
  return `${roundedText(amount)} ${UNITS[unit]}`
}

/** Returns a share of 1 in per cent: `96.4 %`. */
export function shareText(share: number): string {
  return `${roundedText(share * 100)} %`
}

/** Returns the share of hits among all reads, or `undefined` when there were none. */
export function hitRate({ hits, misses }: { hits: number; misses: number }): number | undefined {
  return hits + misses > 0 ? hits / (hits + misses) : undefined
}

/** Three digits tell enough, and whole numbers stay whole. */
function roundedText(amount: number): string {
  const digits = Number.isInteger(amount) || amount >= 100 ? 0 : amount >= 10 ? 1 : 2
  return COUNT.format(Number(amount.toFixed(digits)))
}
