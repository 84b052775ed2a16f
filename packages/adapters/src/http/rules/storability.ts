import type { OutgoingHttpHeaders } from 'node:http'
import CachePolicy from 'http-cache-semantics'
import type { CacheControl } from '../fields/cache-control.ts'
import { type HeaderValue, joined } from '../fields/header-values.ts'
import type { CacheRequest } from './cache-request.ts'
import { personalHeader } from './identity.ts'
import { type Policy, usefulTime, WITH_DEFAULT } from './policy.ts'

/** A response to a `GET`, and what decides whether it may be stored. */
export interface Answer {
  readonly request: CacheRequest
  readonly status: number
  readonly headers: Readonly<Record<string, HeaderValue>>
  /** The directives of `Cache-Control`; `undefined` when the field is malformed. */
  readonly directives: CacheControl | undefined
  readonly isPersonal: boolean
  /** How long the response may be used; `undefined` when it says nothing about its freshness. */
  readonly policy: Policy | undefined
  /** The fields that select the response; `undefined` when it must not be selected. */
  readonly names: readonly string[] | undefined
  /** Returns whether the application wants the response stored. */
  readonly isWanted: () => boolean
  /** Whether `Cache-Control` or `Expires` was there before the request came to us. */
  readonly hasForeignFreshness: boolean
  readonly statuses: ReadonlySet<number>
  readonly maxBodySize: number
}

/** Why a response is not stored, in one word, and when that is so. */
type Rule = readonly [reason: string, refuses: (answer: Answer) => boolean]

/** Types of answers that go on for as long as somebody listens. */
const ENDLESS = /^(?:text\/event-stream|multipart\/x-mixed-replace)/i

/** The rules, in the order in which they are worth telling. All must agree; each alone is cheap. */
const RULES: readonly Rule[] = [
  ['status', ({ status, statuses }) => !statuses.has(status)],
  ['personal', ({ isPersonal }) => isPersonal],
  ['set-cookie', ({ headers }) => personalHeader(headers) !== undefined],
  ['malformed-cache-control', ({ directives }) => directives === undefined],
  ['private', ({ directives, request }) => !isOwned(request) && (directives?.has('private') ?? true)],
  ['no-store', ({ directives }) => directives?.has('no-store') ?? true],
  ['no-cache', ({ headers, policy }) => policy?.mustValidate === true && headers.etag === undefined],
  ['request-no-store', ({ request }) => request.directives.has('no-store')],
  ['vary', ({ names }) => names === undefined],
  ['freshness', ({ policy }) => policy === undefined],
  ['expired', ({ policy }) => policy !== undefined && usefulTime(policy, policy.receivedAt) === 0],
  ['identity', (answer) => !mayShare(answer)],
  ['fall-through', ({ status, hasForeignFreshness }) => hasForeignFreshness && !isPage(status)],
  ['partial', ({ headers }) => headers['content-range'] !== undefined],
  ['transfer-coding', ({ headers }) => !/^(?:chunked)?$/i.test(joined(headers['transfer-encoding']) ?? '')],
  ['endless', ({ headers }) => ENDLESS.test(joined(headers['content-type']) ?? '')],
  ['too-large', ({ headers, maxBodySize }) => Number(headers['content-length'] ?? 0) > maxBodySize],
  ['standard', (answer) => !isStorable(answer)],
  ['should-store', ({ isWanted }) => !isWanted()],
]

/** Returns why the response must not be stored, or `undefined` when it may be. */
export function refusalOf(answer: Answer): string | undefined {
  return RULES.find(([, refuses]) => refuses(answer))?.[0]
}

/**
 * Returns whether the response may be shared with requests that say who asks: by RFC 9111, 3.5, and only if the
 * application has said so, too.
 */
function mayShare({ request: { identity }, policy }: Answer): boolean {
  return identity === undefined || (identity.isAllowed && policy?.isShared === true)
}

/** Returns whether the response is one user's, and is kept for that user alone. */
function isOwned({ target }: CacheRequest): boolean {
  return target.owner !== undefined
}

/**
 * Returns whether the status is one of a page. What an earlier middleware said for all pages is not meant for what comes
 * in the place of one: that there is none, which the framework may say by itself, or a way to a login.
 */
function isPage(status: number): boolean {
  return WITH_DEFAULT.includes(status)
}

/** Returns whether the response may be stored, as a second opinion by code that is not ours (RFC 9111, 3). */
function isStorable({ request, status, headers, policy }: Answer): boolean {
  const policyRequest = {
    method: 'GET',
    url: request.target.path,
    headers: request.headers as Record<string, string>,
  }
  const response = { status, headers: { ...freshnessFields(policy), ...single(headers) } }
  return new CachePolicy(policyRequest, response, { shared: !isOwned(request) }).storable()
}

/** Returns freshness as a response says it: what the application has decided by `ttl` is as explicit. */
function freshnessFields(policy: Policy | undefined): Record<string, string> {
  const { receivedAt = 0, lifetime = 0 } = policy ?? {}
  return lifetime > 0 ? { expires: new Date(receivedAt + lifetime).toUTCString() } : {}
}

function single(headers: Readonly<Record<string, HeaderValue>>): Record<string, string> {
  const entries = Object.entries(headers as OutgoingHttpHeaders)
  return Object.fromEntries(entries.map(([name, value]) => [name, joined(value) ?? '']))
}
