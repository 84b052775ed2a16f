const UNITS = [
  { name: 's', length: 1e3 },
  { name: 'ms', length: 1 },
  { name: 'µs', length: 1e-3 },
] as const

const SMALLEST = UNITS[2]

/** Milliseconds in the unit that a reader would choose, with three digits. */
export function millisecondsText(milliseconds: number): string {
  const { name, length } = UNITS.find(({ length }) => milliseconds >= length) ?? SMALLEST
  return figureText(milliseconds / length, name)
}

/** At least three digits. */
export function figureText(figure: number, unit?: string): string {
  const digits = figure >= 100 ? 0 : figure >= 10 ? 1 : figure >= 0.1 ? 2 : 3
  const text = figure.toLocaleString('en', { minimumFractionDigits: digits, maximumFractionDigits: digits })
  return unit === undefined ? text : `${text} ${unit}`
}

/** A whole number. */
export function countText(count: number): string {
  return Math.round(count).toLocaleString('en')
}
