import type { HttpRequest } from '../http/rules/http-request.ts'

/** An address that nobody has: it is for documentation (RFC 5737). */
const NOBODY = '192.0.2.1'

/** Scheme, host, and path with query. What a URL has beside these is no matter of a cache. */
const URL_PARTS = /^([a-z]+):\/\/(?:[^/?#]*@)?([^/?#]*)([^#]*)/

/** Returns what the rules look at. `isFromProxy`: whether the application trusts what the sender says of the client. */
export function httpRequestOf(request: Request, isFromProxy: boolean): HttpRequest {
  const { method, headers } = request
  const [, scheme = '', host, url = ''] = URL_PARTS.exec(request.url) ?? []
  const forwarded = (name: string) => (isFromProxy ? firstOf(headers.get(name)) : undefined)
  return {
    method,
    scheme: forwarded('x-forwarded-proto') ?? scheme,
    host: forwarded('x-forwarded-host') ?? host,
    url,
    rewritten: undefined,
    headers: Object.fromEntries(headers),
    // A `Request` does not say.
    hasCertificate: false,
  }
}

/** Makes a request of the same class: that of a framework has more members than a `Request`. */
export function requestLike(original: Request, input: string | Request, init: RequestInit): Request {
  return new (original.constructor as typeof Request)(input, init)
}

/** Makes a request of nobody: for the same URL, with these fields and no others. */
export function requestOfNobody(
  original: Request,
  {
    fields,
    isFromProxy,
    signal,
  }: { fields: Readonly<Record<string, string>>; isFromProxy: boolean; signal: AbortSignal },
): Request {
  const headers = { ...(isFromProxy ? { 'x-forwarded-for': NOBODY } : {}), ...fields }
  return requestLike(original, original.url, { headers, signal })
}

function firstOf(value: string | null): string | undefined {
  const text = value ?? ''
  const end = text.indexOf(',')
  const first = text.slice(0, end === -1 ? undefined : end)
  return first?.trim().toLowerCase() || undefined
}
