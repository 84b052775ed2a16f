import type { SessionData } from 'express-session'

/**
 * Returns the session of a row.
 *
 * @throws TypeError, SyntaxError for a row that is none
 */
export function sessionIn(row: unknown): SessionData {
  if (typeof row !== 'string') throw new TypeError('there is a value that is no text')
  const session: unknown = JSON.parse(row)
  if (isObject(session) && isCookie(session.cookie)) return session as unknown as SessionData
  throw new TypeError('there is text that is no session')
}

/** What a cookie has is text, a number, a truth value, or `null`. */
function isCookie(value: unknown): boolean {
  return isObject(value) && Object.values(value).every((field) => field === null || typeof field !== 'object')
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
