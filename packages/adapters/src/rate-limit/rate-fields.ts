/** A header field, its name and its value. */
export type Field = readonly [name: string, value: string]

/** A limit as the fields tell of it. */
interface Quota {
  readonly name: string
  readonly count: number
  readonly per: number
}

/** Returns the field that says how many requests are allowed in which time. */
export function policyField({ name, count, per }: Quota): Field {
  return ['RateLimit-Policy', `${item(name)};q=${count};w=${secondsOf(per)}`]
}

/**
 * Returns the field that says how many requests are left, and the seconds until there are all again; when none is left,
 * until there is one, as `Retry-After` says it.
 */
export function quotaField({ name, count, per }: Quota, remaining: number, retryAfter: number): Field {
  // Counted from what is left rather than from a moment, as the clock of the store may be another.
  const wait = remaining > 0 ? ((count - remaining) * per) / count : retryAfter
  return ['RateLimit', `${item(name)};r=${remaining};t=${secondsOf(wait)}`]
}

/** Returns the field for who was refused. */
export function retryField(milliseconds: number): Field {
  return ['Retry-After', `${Math.max(secondsOf(milliseconds), 1)}`]
}

/** Whoever waits for so many seconds has waited long enough. */
function secondsOf(milliseconds: number): number {
  return Math.ceil(milliseconds / 1_000)
}

/** As a string of RFC 9651. */
function item(name: string): string {
  return `"${name.replace(/["\\]/g, '\\$&')}"`
}
