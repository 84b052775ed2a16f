/** A stretch of time or bytes, and its place among others. */
export interface Stretch {
  readonly label: string
  readonly order: number
}

const UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB']

/** Returns the stretch of bytes that begins at a power of two, such as `4 to 8 KiB`; -1 is that of no bytes. */
export function sizeLabel(sizeClass: number): string {
  if (sizeClass < 0) return 'empty'
  const unit = Math.min(Math.floor(sizeClass / 10), UNITS.length - 1)
  const least = 2 ** (sizeClass - unit * 10)
  return `${least} to ${least * 2} ${UNITS[unit]}`
}

const AGES: readonly (readonly [hours: number, label: string])[] = [
  [1, 'up to 1 h'],
  [6, '1 to 6 h'],
  [24, '6 to 24 h'],
  [7 * 24, '1 to 7 d'],
  [30 * 24, '7 to 30 d'],
  [Infinity, 'over 30 d'],
]

/** Returns the stretch of time since entries were stored. */
export function ageLabel(hours: number): Stretch {
  const order = AGES.findIndex(([end]) => hours < end)
  return { label: AGES[order]?.[1] ?? '', order }
}

const EXPIRIES: readonly (readonly [minutes: number, label: string])[] = [
  [0, 'expired'],
  [5, 'within 5 min'],
  [60, '5 min to 1 h'],
  [24 * 60, '1 to 24 h'],
  [7 * 24 * 60, '1 to 7 d'],
  [Infinity, 'over 7 d'],
]

/** Returns the stretch of time until entries expire; `null` is never. */
export function expiryLabel(minutes: number | null): Stretch {
  if (minutes === null) return { label: 'never', order: EXPIRIES.length }
  const order = EXPIRIES.findIndex(([end]) => minutes < end)
  return { label: EXPIRIES[order]?.[1] ?? '', order }
}
