import { type HeaderValue, joined } from './header-values.ts'

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec']
const MONTH = `(?<month>${MONTHS.join('|')})`
const CLOCK = String.raw`(?<hour>\d\d):(?<minute>\d\d):(?<second>\d\d)`

/** The three forms (RFC 9110, 5.6.7). All have a fixed shape, so that each is read in one pass. */
const FORMS: readonly RegExp[] = [
  `(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), (?<day>\\d\\d) ${MONTH} (?<year>\\d{4}) ${CLOCK} GMT`,
  `(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day, (?<day>\\d\\d)-${MONTH}-(?<year>\\d\\d) ${CLOCK} GMT`,
  `(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun) ${MONTH} (?<day>\\d\\d| \\d) ${CLOCK} (?<year>\\d{4})`,
].map((form) => new RegExp(`^${form}$`, 'i'))

/** The longest date: `Wednesday, 31-Dec-99 23:59:60 GMT`. */
const MAX_LENGTH = 33

/** A year of two digits that seems to be further ahead is one of the past (RFC 9110, 5.6.7). */
const MAX_YEARS_AHEAD = 50

/**
 * Returns the epoch milliseconds of an HTTP date, or `undefined` for anything else. The time is UTC in all three forms, upper
 * and lower case are one (RFC 9111, 4.2), and the name of the day is not compared with the date. `now` tells the century
 * of a year of two digits.
 */
export function dateOf(value: HeaderValue, now = Date.now()): number | undefined {
  const text = joined(value)
  if (text === undefined || text.length > MAX_LENGTH) return undefined
  const match = FORMS.map((form) => form.exec(text)).find(Boolean)
  return match?.groups && timeOf(match.groups, now)
}

function timeOf(parts: Readonly<Record<string, string>>, now: number): number | undefined {
  const { year = '', month = '' } = parts
  const [day = 0, hour = 0, minute = 0, second = 0] = ['day', 'hour', 'minute', 'second'].map((name) =>
    Number(parts[name]),
  )
  if (hour > 23 || minute > 59 || second > 60) return undefined
  // A leap second is taken for the one before: not for a later one than was meant.
  const date = new Date(Date.UTC(2000, 0, 1, hour, minute, Math.min(second, 59)))
  date.setUTCFullYear(yearOf(year, now), MONTHS.indexOf(month.toLowerCase()), day)
  return date.getUTCDate() === day ? date.getTime() : undefined
}

function yearOf(digits: string, now: number): number {
  const year = Number(digits)
  if (digits.length > 2) return year
  const thisYear = new Date(now).getUTCFullYear()
  const sameCentury = thisYear - (thisYear % 100) + year
  return sameCentury > thisYear + MAX_YEARS_AHEAD ? sameCentury - 100 : sameCentury
}
