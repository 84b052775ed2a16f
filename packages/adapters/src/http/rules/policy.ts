import { type CacheControl, deltaSeconds } from '../fields/cache-control.ts'
import { type HeaderValue, members } from '../fields/header-values.ts'
import { dateOf } from '../fields/http-date.ts'

/** How long a stored response may be used, and how. All times are in milliseconds. */
export interface Policy {
  /** How long the response is fresh (RFC 9111, 4.2.1). */
  readonly lifetime: number
  /** How old the response was when it came: `corrected_initial_age` (RFC 9111, 4.2.3). */
  readonly initialAge: number
  /** When the request was made that the response answers, in epoch milliseconds. */
  readonly requestedAt: number
  /** When the head of the response came, in epoch milliseconds. */
  readonly receivedAt: number
  /** How long after its freshness the response may be used while a new one is fetched (RFC 5861). */
  readonly staleWhileRevalidate: number
  /** How long after its freshness the response may be used when the application fails (RFC 5861). */
  readonly staleIfError: number
  /**
   * Whether a client may have the response stale by `max-stale`: not with `must-revalidate` and its kin (RFC 9111,
   * 4.2.4).
   */
  readonly allowsMaxStale: boolean
  /** Whether the response says itself that all may share it, also those who say who they are (RFC 9111, 3.5). */
  readonly isShared: boolean
  /** Whether the response has a validator, by which the application can say that it is still right. */
  readonly isValidatable?: boolean
  /** Whether the response may be used only when the application has said so just now: `no-cache`. */
  readonly mustValidate?: boolean
}

/** What holds for responses that say nothing about their freshness, in milliseconds. */
export interface DefaultFreshness {
  readonly ttl: number | undefined
  readonly staleWhileRevalidate: number
  readonly staleIfError: number
  /** Whether the application has decided on this very response, whatever its status. */
  readonly isForAnyStatus?: boolean
}

export interface ReceivedResponse {
  readonly status: number
  readonly headers: Readonly<Record<string, HeaderValue>>
  readonly directives: CacheControl
  readonly requestedAt: number
  readonly receivedAt: number
}

/** The time in milliseconds for which a stale response is kept for clients that accept one. */
const MAX_STALE_MS = 60_000

/** The time in milliseconds for which a stale response is kept that the application can validate. */
const VALIDATABLE_MS = 3_600_000

/**
 * By how much a response may seem to come later than the present, in milliseconds: clocks are set back by little now and
 * then, and those of two machines are never the same.
 */
const MAX_AHEAD_MS = 1_000

/** An age in milliseconds that stands for one that nobody knows (RFC 9111, 1.2.2). */
const UNKNOWN_AGE = 2 ** 31 * 1_000

/**
 * Statuses that the default freshness is for. A 404 or 410 without freshness of its own is rather a route that is not
 * there yet than one that says so.
 */
export const WITH_DEFAULT: readonly number[] = [200, 203, 300, 301, 308]

/**
 * Returns the policy of a response, or `undefined` for one without explicit freshness when there is none by default:
 * nothing is guessed.
 */
export function policyOf(response: ReceivedResponse, defaults: DefaultFreshness): Policy | undefined {
  const { directives, requestedAt, receivedAt } = response
  const explicit = explicitLifetime(response)
  const mustValidate = directives.has('no-cache')
  const lifetime = explicit ?? (mustValidate ? 0 : defaultLifetime(response, defaults))
  if (lifetime === undefined) return undefined
  const stale = explicit === undefined ? defaults : explicitStaleness(directives)
  const mustRevalidate = mustValidate || directives.has('must-revalidate', 'proxy-revalidate')
  return {
    lifetime,
    initialAge: initialAge(response),
    requestedAt,
    receivedAt,
    staleWhileRevalidate: mustRevalidate ? 0 : stale.staleWhileRevalidate,
    staleIfError: mustRevalidate ? 0 : stale.staleIfError,
    allowsMaxStale: !mustRevalidate && !directives.has('s-maxage'),
    isShared: directives.has('public', 's-maxage', 'must-revalidate'),
    isValidatable: isValidatable(response),
    mustValidate,
  }
}

/** Returns whether something seems to have happened later than the present: the clock was set back since then. */
export function isAhead(time: number, now: number): boolean {
  return time - now > MAX_AHEAD_MS
}

/**
 * Returns how old the response is, in milliseconds (RFC 9111, 4.2.3). How old one is that came before the clock was set back,
 * nobody knows: too old to be fresh.
 */
export function ageOf({ initialAge, receivedAt, lifetime }: Policy, now: number): number {
  if (isAhead(receivedAt, now)) return Math.max(UNKNOWN_AGE, lifetime)
  return initialAge + Math.max(0, now - receivedAt)
}

/** Returns the milliseconds for which the response is still fresh; negative when it is stale. */
export function freshnessLeft(policy: Policy, now: number): number {
  return policy.lifetime - ageOf(policy, now)
}

/**
 * Returns the milliseconds for which the response may be of use; 0 for one that is never fresh, nor wanted stale, nor kept
 * to be validated each time.
 */
export function usefulTime(policy: Policy, now: number): number {
  const wanted = freshnessLeft(policy, now) + Math.max(policy.staleWhileRevalidate, policy.staleIfError)
  if (wanted <= 0 && !policy.mustValidate) return 0
  const asked = policy.allowsMaxStale ? MAX_STALE_MS : 0
  return Math.max(0, wanted) + (policy.isValidatable ? VALIDATABLE_MS : asked)
}

function isValidatable({ headers, receivedAt }: ReceivedResponse): boolean {
  return headers.etag !== undefined || dateOf(headers['last-modified'], receivedAt) !== undefined
}

function explicitLifetime({ headers, directives, receivedAt }: ReceivedResponse): number | undefined {
  const seconds = directives.seconds('s-maxage') ?? directives.seconds('max-age')
  if (seconds !== undefined) return seconds * 1_000
  if (headers.expires === undefined) return undefined
  // What is no date is in the past (RFC 9111, 5.3).
  const expires = dateOf(headers.expires, receivedAt) ?? 0
  return Math.max(0, expires - (dateOf(headers.date, receivedAt) ?? receivedAt))
}

function defaultLifetime(
  { status, headers }: ReceivedResponse,
  { ttl, isForAnyStatus }: DefaultFreshness,
): number | undefined {
  const isMeant = isForAnyStatus === true || WITH_DEFAULT.includes(status)
  return isMeant && headers.pragma === undefined ? ttl : undefined
}

/**
 * Returns how long the response says it may be served stale. RFC 9111, 4.2.4 would let `s-maxage` forbid what
 * `stale-while-revalidate` beside it allows; who writes both wants both.
 */
function explicitStaleness(
  directives: CacheControl,
): Pick<DefaultFreshness, 'staleWhileRevalidate' | 'staleIfError'> {
  return {
    staleWhileRevalidate: (directives.seconds('stale-while-revalidate') ?? 0) * 1_000,
    staleIfError: (directives.seconds('stale-if-error') ?? 0) * 1_000,
  }
}

function initialAge({ headers, requestedAt, receivedAt }: ReceivedResponse): number {
  const date = dateOf(headers.date, receivedAt) ?? receivedAt
  const apparentAge = Math.max(0, receivedAt - date)
  return Math.max(apparentAge, ageValue(headers.age) + Math.max(0, receivedAt - requestedAt))
}

/** Returns the first member of `Age` in milliseconds, and 0 when that is no number of seconds (RFC 9111, 5.1). */
function ageValue(age: HeaderValue): number {
  const [first = ''] = members(age)
  return (deltaSeconds(first) ?? 0) * 1_000
}
