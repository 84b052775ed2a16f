import { Failure } from './failure.ts'

const SECOND = 1_000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

/** The units for people, the longest first. */
const UNITS: readonly (readonly [string, number])[] = [
  ['d', DAY],
  ['h', HOUR],
  ['min', MINUTE],
  ['s', SECOND],
]

const FACTORS: Readonly<Record<string, number>> = {
  ...{ ms: 1, s: SECOND, m: MINUTE, min: MINUTE, h: HOUR, d: DAY, w: 7 * DAY },
}

/** Returns a duration in milliseconds for people, in its two longest units: `2 d 3 h`, `1 min 30 s`, `340 ms`. */
export function formatDuration(milliseconds: number): string {
  const [first, second] = parts(milliseconds)
  return second === undefined ? first! : `${first} ${second}`
}

/** Returns how long ago, or how far ahead, something is, in one unit, rounded down: `2 d`. */
export function formatAge(milliseconds: number): string {
  return parts(Math.max(0, milliseconds))[0]!
}

/** Returns a moment as programs and people read it, `2026-03-01T12:00:00.000Z`. */
export function formatTime(time: number): string {
  const date = new Date(time)
  return Number.isNaN(date.getTime()) ? String(time) : date.toISOString()
}

/**
 * Returns the milliseconds of a duration as a person writes it, `500ms`, `90s`, `15m`, `2h`, `7d` or `1h30m`; `Infinity`
 * for `never`.
 *
 * @throws Failure for anything else, also for a number without a unit
 */
export function parseDuration(text: string): number {
  const written = text.trim().toLowerCase()
  if (written === 'never') return Number.POSITIVE_INFINITY
  if (written === '0') return 0
  const pieces = [...written.matchAll(/(\d+(?:\.\d+)?)(ms|min|[smhdw])/g)]
  const isWhole = pieces.length > 0 && pieces.map(([piece]) => piece).join('') === written
  const sum = pieces.reduce((total, [, amount, unit]) => total + Number(amount) * FACTORS[unit!]!, 0)
  if (isWhole && Number.isSafeInteger(Math.round(sum))) return Math.round(sum)
  throw new Failure(`"${text}" is not a duration: write one such as 90s, 15m, 2h, 7d or 1h30m, or never`)
}

/** At most the two longest units that are there, beside each other. */
function parts(milliseconds: number): string[] {
  if (!Number.isFinite(milliseconds)) return ['for ever']
  if (milliseconds < SECOND) return [`${Math.round(milliseconds)} ms`]
  const first = UNITS.findIndex(([, length]) => milliseconds >= length)
  const [name, length] = UNITS[first]!
  const whole = Math.floor(milliseconds / length)
  const next = UNITS[first + 1]
  const rest = next === undefined ? 0 : Math.floor((milliseconds - whole * length) / next[1])
  return rest > 0 ? [`${whole} ${name}`, `${rest} ${next![0]}`] : [`${whole} ${name}`]
}
