import type { IncomingHttpHeaders } from 'node:http'
import { joined } from './header-values.ts'

/** Fields that say what kind of answer is wanted, which middleware may take for granted. */
const WANTED: readonly string[] = ['accept', 'accept-language']

/** Longer values have been made up; in characters. */
const MAX_LENGTH = 512

/** Returns the fields of a request that say what kind of answer is wanted, and nothing of who wants it. */
export function wantedFields(headers: IncomingHttpHeaders): Readonly<Record<string, string>> {
  const fields: Record<string, string> = {}
  for (const name of WANTED) {
    const value = joined(headers[name])
    if (value !== undefined && value.length <= MAX_LENGTH) fields[name] = value
  }
  return fields
}
