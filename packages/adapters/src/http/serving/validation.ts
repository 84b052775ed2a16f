import type { HeaderValue } from '../fields/header-values.ts'
import { isSameEtag } from '../fields/preconditions.ts'
import type { VariantRow } from '../storing/rows.ts'
import { OF_STORED_BYTES } from '../storing/stored-headers.ts'

type Fields = Readonly<Record<string, HeaderValue>> & { readonly etag?: HeaderValue }

/**
 * Returns the fields by which the application is asked whether a stored response is still right (RFC 9111, 4.3.1): the
 * validators that it gave itself.
 */
export function conditionsFor(row: VariantRow): Readonly<Record<string, string>> {
  const { etag, 'last-modified': modified } = fieldsOf(row)
  return {
    ...(typeof etag === 'string' ? { 'if-none-match': etag } : {}),
    ...(typeof modified === 'string' ? { 'if-modified-since': modified } : {}),
  }
}

/**
 * Returns the fields of a stored response as an answer to these conditions leaves them, with what that has for its own
 * client. `Date` and `Age` are those of the answer.
 */
export function validatedFields(row: VariantRow, answer: Fields): Fields {
  const { date: _, ...stored } = fieldsOf(row)
  const own = Object.entries(answer).filter(([name]) => !OF_STORED_BYTES.has(name))
  return { ...stored, ...Object.fromEntries(own) }
}

/** Returns whether an answer to these conditions is about the stored response (RFC 9111, 4.3.4). */
export function isAbout(row: VariantRow, answer: Fields): boolean {
  const stored = fieldsOf(row)
  if (answer.etag !== undefined) return isSameEtag(answer.etag, stored.etag)
  const modified = answer['last-modified']
  return modified === undefined || modified === stored['last-modified']
}

/** Returns the fields with names in lower case. */
function fieldsOf({ headers }: VariantRow): Fields {
  return Object.fromEntries(headers.map(([name, value]) => [name.toLowerCase(), value]))
}
