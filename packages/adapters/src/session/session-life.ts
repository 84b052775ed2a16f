import type { SessionData } from 'express-session'

/** How long a session without an expiry lives that nobody uses, in milliseconds, unless the options say otherwise. */
export const DEFAULT_TTL = 24 * 3_600_000

/** Returns how many milliseconds the cookie of a session is still valid, or `ttl` when it does not say. */
export function timeToLive({ cookie }: SessionData, ttl: number): number {
  const expires = expiryOf(cookie)
  return expires === undefined ? ttl : Math.max(expires - Date.now(), 0)
}

/** Lets the cookie of a session expire when its entry does, which may have been renewed since the session was written. */
export function renewExpiry(session: SessionData, expireTime: number | null): SessionData {
  if (expireTime !== null && expiryOf(session.cookie) !== undefined) {
    session.cookie.expires = new Date(expireTime)
  }
  return session
}

/** In epoch milliseconds. A session that has been JSON has text where the cookie had a date. */
function expiryOf(cookie: SessionData['cookie'] | undefined): number | undefined {
  const time = cookie?.expires ? new Date(cookie.expires).getTime() : Number.NaN
  return Number.isNaN(time) ? undefined : time
}
