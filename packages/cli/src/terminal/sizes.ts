import { Failure } from './failure.ts'

const UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB']

const FACTORS: Readonly<Record<string, number>> = {
  ...{ b: 1, k: 2 ** 10, m: 2 ** 20, g: 2 ** 30, t: 2 ** 40 },
  ...{ kib: 2 ** 10, mib: 2 ** 20, gib: 2 ** 30, tib: 2 ** 40 },
  ...{ kb: 1e3, mb: 1e6, gb: 1e9, tb: 1e12 },
}

/** Returns a number of bytes for people, such as `1.5 MiB`. */
export function formatBytes(bytes: number): string {
  let unit = 0
  let rest = bytes
  // What would be rounded to 1,024 is one of the next unit.
  for (; rest >= 1023.5 && unit < UNITS.length - 1; unit++) rest /= 1024
  return `${rest < 10 && unit > 0 ? Number(rest.toFixed(1)) : Math.round(rest)} ${UNITS[unit]}`
}

/** Returns a number for people, with commas between its thousands. */
export function formatCount(count: number): string {
  return count.toLocaleString('en-US', { maximumFractionDigits: 2 })
}

/** Returns `1 entry`, `2 entries`. */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${formatCount(count)} ${count === 1 ? one : many}`
}

/**
 * Returns the bytes of a size as a person writes it: `512`, `10MiB` or `10M` (of 1,024), `10MB` (of 1,000).
 *
 * @throws Failure for anything else
 */
export function parseSize(text: string): number {
  const { amount, unit } = /^(?<amount>\d+(?:\.\d+)?)\s*(?<unit>[a-z]*)$/i.exec(text.trim())?.groups ?? {}
  const factor = unit === '' ? 1 : FACTORS[unit?.toLowerCase() ?? '']
  const bytes = Math.round(Number(amount) * (factor ?? Number.NaN))
  if (Number.isSafeInteger(bytes)) return bytes
  throw new Failure(`"${text}" is not a size: write a number of bytes, or one such as 10MiB, 500kB or 2G`)
}
