import { checkBoolean, checkOptions, quote } from '@diskcache/core'
import { type FieldOptions, FieldRules } from '../rules/field-rules.ts'
import type { SharingRules } from '../rules/identity.ts'
import { isNamePattern, nameTest } from '../rules/name-patterns.ts'
import { checkList } from './check-list.ts'

/** What the application knows better of single fields of requests: names, or patterns with one `*` at an end. */
export interface FieldNames {
  /**
   * Fields that the application does not answer by: they neither say who asks nor tell variants apart. Such a field in the
   * `Vary` of a response counts all the same.
   */
  exempt?: readonly string[] | undefined
  /** Fields that say who asks: requests with one go past the cache. */
  personal?: readonly string[] | undefined
}

export interface SharingOptions {
  readonly fields?: FieldNames | undefined
  readonly vary?: readonly string[] | undefined
  readonly exemptCookies?: readonly string[] | undefined
  readonly shareWithAuthorization?: boolean | undefined
  readonly shareWithCookies?: boolean | readonly string[] | undefined
}

/** Fields that only options of their own let pass. */
const CREDENTIALS: readonly (readonly [name: string, option: string])[] = [
  ['authorization', 'shareWithAuthorization'],
  ['proxy-authorization', 'shareWithAuthorization'],
  ['cookie', 'shareWithCookies or exemptCookies'],
]

/** Completes the options on who asks. */
export function sharingOf({
  fields = {},
  vary = [],
  exemptCookies = [],
  shareWithAuthorization = false,
  shareWithCookies = false,
}: SharingOptions): SharingRules {
  checkBoolean('shareWithAuthorization', shareWithAuthorization)
  const cookies =
    typeof shareWithCookies === 'boolean'
      ? () => shareWithCookies
      : nameTest(cookieNames('shareWithCookies', shareWithCookies, 'a boolean or an array'))
  return {
    authorization: shareWithAuthorization,
    cookies,
    exemptCookies: nameTest(cookieNames('exemptCookies', exemptCookies)),
    fields: new FieldRules(fieldOptionsOf(fields, vary)),
  }
}

function fieldOptionsOf(fields: FieldNames, vary: readonly string[]): FieldOptions {
  checkOptions('fields', fields, ['exempt', 'personal'])
  const { exempt = [], personal = [] } = fields
  return {
    exempt: sharedNames('fields.exempt', exempt),
    personal: fieldNames('fields.personal', personal),
    vary: sharedNames('vary', vary),
  }
}

/** Returns names of fields in lower case, none of which proves who asks. */
function sharedNames(option: string, value: readonly string[]): string[] {
  const names = fieldNames(option, value)
  const includes = nameTest(names)
  const wrong = CREDENTIALS.find(([name]) => includes(name))
  if (wrong === undefined) return names
  throw new RangeError(
    `Cannot use ${option}: it includes ${quote(wrong[0])}, which proves who asks; use ${wrong[1]}`,
  )
}

/** Returns names of fields in lower case (RFC 9110, 5.1). */
function fieldNames(option: string, value: readonly string[]): string[] {
  return namesOf(option, value, { form: /^[\w!#$%&'*+.^`|~-]+$/ }).map((name) => name.toLowerCase())
}

/** Checks names of cookies: what ends one in a request is in none. */
function cookieNames(option: string, value: readonly string[], kinds?: string): readonly string[] {
  return namesOf(option, value, { form: /^[^;=]+$/, kinds })
}

/**
 * Checks a list of names and patterns that have the form which is possible. The case of cookies and parameters counts.
 * `kinds` is what is allowed, for the message, where that is more than an array.
 */
export function namesOf(
  option: string,
  value: readonly string[],
  { form = /^/, kinds }: { form?: RegExp; kinds?: string | undefined } = {},
): readonly string[] {
  checkList(option, value, kinds)
  for (const name of value) {
    if (typeof name === 'string' && isNamePattern(name) && form.test(name)) continue
    throw new TypeError(
      `Cannot use ${option}: expected names, or patterns such as 'x-trace-*' with one * at an end, got ${quote(name)}`,
    )
  }
  return value
}
