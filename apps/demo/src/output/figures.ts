const count = new Intl.NumberFormat('en')
const oneDigit = new Intl.NumberFormat('en', { minimumFractionDigits: 1, maximumFractionDigits: 1 })
const percent = new Intl.NumberFormat('en', { style: 'percent', maximumFractionDigits: 1 })

/** 4,812 */
export function formatCount(value: number): string {
  return count.format(value)
}

/** `14.2 s` from milliseconds. */
export function formatSeconds(milliseconds: number): string {
  return `${oneDigit.format(milliseconds / 1000)} s`
}

/** 15.8 */
export function formatRatio(value: number): string {
  return oneDigit.format(value)
}

/** `98.4%` of the whole; of nothing, `0%`. */
export function formatShare(part: number, whole: number): string {
  return percent.format(whole === 0 ? 0 : part / whole)
}

export function formatMegabytes(bytes: number): string {
  return `${oneDigit.format(bytes / 1e6)} MB`
}
