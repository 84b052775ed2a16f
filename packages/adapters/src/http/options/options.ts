import type { CacheOptions } from '@diskcache/cache'
import {
  checkBoolean,
  checkFunction,
  checkNumber,
  checkOptions,
  checkPatience,
  checkString,
  MAX_TIMER_MS,
  type PatienceOptions,
  quote,
  refusePromise,
} from '@diskcache/core'
import type { SharingRules } from '../rules/identity.ts'
import type { ResponseView } from '../rules/response-view.ts'
import type { TargetRules } from '../rules/target/target.ts'
import { checkList, checkOneOrMore } from './check-list.ts'
import { type FieldNames, sharingOf } from './field-options.ts'
import { type FreshnessOf, freshnessOf } from './freshness-options.ts'
import { given } from './given.ts'
import { hasUser } from './has-user.ts'
import { hostsOf } from './host-options.ts'
import { type QueryOptions, queryOf } from './query-options.ts'

/** The limits within which concurrent requests wait for one answer. */
export interface CollapseLimits {
  /**
   * The time in milliseconds after which others take over from a process that died while it asked the application:
   * 5,000 by default, at least 100. It is renewed every third of this.
   */
  lease?: number | undefined
  /**
   * The longest time in milliseconds that a request waits for another's answer before it asks the application itself;
   * 10,000 by default.
   */
  timeout?: number | undefined
}

/**
 * What a response cache stores, for whom, and how long a request waits. `Req` and `Res` are what the functions among the
 * options are given: the request and response of the framework.
 */
export interface HttpCacheOptions<Req = unknown, Res = unknown> extends PatienceOptions {
  /**
   * How long responses are fresh that say nothing about it, in milliseconds: those with the statuses 200, 203, 300, 301 and
   * 308. Or a function that returns that, for every status that can be stored; those for which it returns `undefined` or 0
   * are not stored. `Infinity` is for ever. Left out: none of these are stored.
   * For routes whose author knows that their responses are the same for everybody.
   */
  ttl?: number | ((response: ResponseView, req: Req, res: Res) => number | undefined) | undefined
  /**
   * How long such responses may be served stale while a new one is made, in milliseconds; 0 by default. Needs `ttl`.
   */
  staleWhileRevalidate?: number | undefined
  /**
   * How long such responses may be served stale when the application fails, in milliseconds; 0 by default. Needs `ttl`.
   */
  staleIfError?: number | undefined
  /** The longest body that is stored, in bytes; 64 MiB by default. */
  maxBodySize?: number | undefined
  /**
   * The status codes that may be stored: 200, 203, 204, 300 to 302, 307, 308, 404, 405, 410, 414 and 501 by default; no
   * others are possible.
   */
  statuses?: readonly number[] | undefined
  /**
   * The hosts whose responses are stored, one at least, each as requests name it, and none as a pattern; requests for others
   * go past the cache. With the port, where that is not the scheme's own. Left out: all hosts.
   */
  hosts?: readonly string[] | undefined
  /**
   * Which parts of a query tell pages apart: all as they stand with `'raw'`, the default; with `'sorted'`, `?a=1&b=2` and
   * `?b=2&a=1` are one URL; an object leaves parameters out.
   */
  query?: 'raw' | 'sorted' | QueryOptions | undefined
  /**
   * Returns what else responses depend on, for requests that no field tells apart: those with different texts never share
   * a response. `undefined` for nothing, the default. Such responses are not refreshed in the background.
   */
  key?: ((req: Req) => string | undefined) | undefined
  /**
   * Names of request fields by which all responses differ, also those that do not say so in `Vary`; patterns may have one
   * `*` at an end. None by default.
   */
  vary?: readonly string[] | undefined
  /**
   * The languages that the application has. By `Vary: Accept-Language` then only those variants are told apart that differ
   * in which of these languages are wanted, and in which order. Left out: `Accept-Language` is compared as it is.
   */
  acceptLanguage?: readonly string[] | undefined
  /** Single request fields of which the application knows better what they say. None by default. */
  fields?: FieldNames | undefined
  /**
   * Labels for `purge`, beside those in the response's `Cache-Tag`: a list, or a function that returns one. None by
   * default.
   */
  tags?: readonly string[] | ((req: Req, res: Res) => readonly string[]) | undefined
  /**
   * Whether requests with `Authorization`, or another header that says who asks, take part: they share the responses
   * that say `public`, `s-maxage` or `must-revalidate`. Otherwise, and by default, they go past the cache.
   */
  shareWithAuthorization?: boolean | undefined
  /**
   * Whether requests with cookies take part in the same way: `true` for any cookies, a list of names or patterns for
   * requests with no others; `false` by default.
   */
  shareWithCookies?: boolean | readonly string[] | undefined
  /**
   * Cookies that the application does not answer by, as names, or patterns with one `*` at an end: requests with no others
   * are as those without cookies. None by default.
   */
  exemptCookies?: readonly string[] | undefined
  /** Returns whether a response may be stored that may be by all other rules. */
  shouldStore?: ((response: ResponseView, req: Req, res: Res) => boolean) | undefined
  /**
   * Whether `POST /x`, and what else is not safe, also removes the responses of `/x` with any query; `false` by default.
   */
  invalidateQueries?: boolean | undefined
  /**
   * Whether `CDN-Cache-Control` decides in the place of `Cache-Control` and `Expires` where a response has one (RFC 9213);
   * `false` by default: it is for caches in front.
   */
  cdnCacheControl?: boolean | undefined
  /**
   * Returns whether a response is one user's own, though neither request nor response say so. By default: whether
   * `user`, `session`, `auth`, `currentUser`, `userContext`, `ntlm` or `sso` of the request is set, `user`, `session` or
   * `ntlm` of `res.locals`, or `user`, `ntlm` or `sso` of the connection.
   */
  isPersonal?: ((req: Req, res: Res) => boolean) | undefined
  /**
   * How concurrent requests wait for one answer; `{ lease: 5_000, timeout: 10_000 }` by default, `false` for not at
   * all.
   */
  collapse?: CollapseLimits | false | undefined
  /**
   * Told of what the store fails with, beside the channel `diskcache:error`; must not throw. By default, the channel alone is.
   */
  onError?: ((error: unknown) => void) | undefined
  /** A name that keeps the entries of several applications in one store apart; `''` by default. */
  name?: string | undefined
  /**
   * The options of the `Cache` that is opened, where a directory is given; `{ tagIndex: true, evictionPolicy:
   * 'least-recently-used' }` by default. None beside a store.
   */
  cache?: CacheOptions | undefined
  /** Returns the present in epoch milliseconds; `Date.now` by default. For tests. */
  clock?: (() => number) | undefined
}

/** The options, checked and complete. */
export interface Settings<Req = unknown, Res = unknown> {
  readonly freshness: FreshnessOf<Req, Res>
  readonly shouldStore: (response: ResponseView, req: Req, res: Res) => boolean
  readonly key: (req: Req) => string | undefined
  readonly languages: readonly string[] | undefined
  readonly invalidateQueries: boolean
  readonly maxBodySize: number
  readonly statuses: ReadonlySet<number>
  readonly target: TargetRules
  readonly tags: (req: Req, res: Res) => readonly string[]
  readonly sharing: SharingRules
  readonly cdnCacheControl: boolean
  readonly isPersonal: (req: Req, res: Res) => boolean
  readonly collapse: { readonly lease: number; readonly timeout: number; readonly isOn: boolean }
  readonly storeTimeout: number | undefined
  readonly onError: (error: unknown) => void
  readonly name: string
  readonly cache: CacheOptions
  readonly now: () => number
}

const NAMES = [
  'ttl',
  'staleWhileRevalidate',
  'staleIfError',
  'maxBodySize',
  'statuses',
  'hosts',
  'query',
  'key',
  'vary',
  'acceptLanguage',
  'fields',
  'tags',
  'shareWithAuthorization',
  'shareWithCookies',
  'exemptCookies',
  'shouldStore',
  'invalidateQueries',
  'cdnCacheControl',
  'isPersonal',
  'collapse',
  'storeTimeout',
  'onError',
  'name',
  'cache',
  'clock',
]

/**
 * The statuses that can be stored: final, complete, and neither a failure nor about who asks (RFC 9110, 15; RFC 9111,
 * 3).
 */
const STATUSES = [200, 203, 204, 300, 301, 302, 307, 308, 404, 405, 410, 414, 501]

/**
 * Completes options.
 *
 * @throws TypeError, RangeError naming the option and the value that is illegal
 */
export function resolveOptions<Req, Res>(options: HttpCacheOptions<Req, Res>): Settings<Req, Res> {
  checkOptions('the options of the response cache', options, NAMES)
  const { isPersonal = hasUser, storeTimeout, name = '', cache = {} } = options
  const { clock = Date.now, onError = () => {} } = options
  const { shouldStore = () => true, key = () => undefined, invalidateQueries = false } = options
  const { maxBodySize = 64 * 1024 ** 2, statuses = STATUSES, tags = [] } = options
  const { cdnCacheControl = false, collapse = {} } = options
  checkPatience(options)
  checkFunction('isPersonal', isPersonal)
  checkFunction('shouldStore', shouldStore)
  checkFunction('key', key)
  checkBoolean('invalidateQueries', invalidateQueries)
  checkFunction('clock', clock)
  checkFunction('onError', onError)
  return {
    freshness: freshnessOf(options),
    shouldStore: (...args) => refusePromise('decide by shouldStore', shouldStore(...args)),
    key: (req) => checkKey(key(req)),
    languages: languagesOf(options.acceptLanguage),
    invalidateQueries,
    maxBodySize: checkNumber('maxBodySize', maxBodySize, { min: 0 }),
    statuses: statusesOf(statuses),
    target: { hosts: hostsOf(options.hosts), query: queryOf(options.query) },
    tags: tagsOf(tags),
    sharing: sharingOf(options),
    cdnCacheControl: checkBoolean('cdnCacheControl', cdnCacheControl),
    isPersonal,
    collapse: collapseOf(collapse),
    storeTimeout,
    onError,
    name: checkString('name', name),
    cache: cacheOptionsOf(cache),
    now: clock,
  }
}

/** @throws TypeError for what the option `key` returns, if that is no text */
function checkKey(key: string | undefined): string | undefined {
  return key === undefined ? undefined : checkString('what key returns', key)
}

/** Completes the options of a cache that is opened, which checks them. */
function cacheOptionsOf(options: CacheOptions): CacheOptions {
  checkOptions('cache', options, Object.keys(Object(options)))
  if ('capabilities' in options || 'promises' in options)
    throw new TypeError(
      'Cannot use cache: expected the options of one, got a store; give it in the place of the directory',
    )
  // `s3-fifo` knows again what it has evicted by its key, and a response that is made anew has another.
  return { tagIndex: true, evictionPolicy: 'least-recently-used', ...given(options) }
}

function languagesOf(languages: readonly string[] | undefined): readonly string[] | undefined {
  if (languages === undefined) return undefined
  checkOneOrMore('acceptLanguage', languages, 'to compare the field as it is')
  for (const language of languages) {
    if (typeof language === 'string' && /^[a-z]{1,8}(?:-[a-z\d]{1,8})*$/i.test(language)) continue
    throw new TypeError(
      `Cannot use acceptLanguage: expected languages such as 'de' or 'pt-BR', got ${quote(language)}`,
    )
  }
  return languages.map((language) => language.toLowerCase())
}

function statusesOf(statuses: readonly number[]): ReadonlySet<number> {
  checkOneOrMore('statuses', statuses, 'for all that can be stored')
  for (const status of statuses) {
    if (STATUSES.includes(status)) continue
    throw new RangeError(
      `Cannot use statuses: ${quote(status)} is never stored, choose among ${STATUSES.join(', ')}`,
    )
  }
  return new Set(statuses)
}

function tagsOf<Req, Res>(tags: NonNullable<HttpCacheOptions<Req, Res>['tags']>): Settings<Req, Res>['tags'] {
  if (typeof tags === 'function') return (req, res) => checkList('what tags returns', tags(req, res))
  checkList('tags', tags, 'an array or a function')
  for (const tag of tags) checkTag('tags', tag)
  return () => tags
}

/**
 * Returns the tag. `Cache-Tag` is a list with commas, so that a tag with one could never be told from two.
 *
 * @throws TypeError for something that is no such tag
 */
export function checkTag(name: string, tag: unknown): string {
  if (typeof tag === 'string' && /^[^,\s][^,]*$/.test(tag) && tag.trim() === tag && tag.isWellFormed())
    return tag
  throw new TypeError(
    `Cannot use ${name}: expected a text without commas and without space around it, got ${quote(tag)}`,
  )
}

/** Completes the limits. Revalidation in the background needs them in any case. */
function collapseOf(collapse: CollapseLimits | false): Settings['collapse'] {
  const limits = collapse === false ? {} : collapse
  checkOptions('collapse', limits, ['lease', 'timeout'], 'an object or false')
  const { lease = 5_000, timeout = 10_000 } = limits
  return {
    isOn: collapse !== false,
    lease: checkNumber('collapse.lease', lease, { min: 100, max: MAX_TIMER_MS }),
    timeout: checkNumber('collapse.timeout', timeout, { min: 1, max: MAX_TIMER_MS }),
  }
}
