import { type Place, proxyFields } from '../http/exchange/nobody.ts'
import type { HttpRequest } from '../http/rules/http-request.ts'
import { remembered } from '../http/rules/remembered.ts'

/** Returns scheme, host, and path with query. What a URL has beside these is no matter of a cache. */
const partsOf = remembered(
  (_, url) => /^([a-z]+):\/\/(?:[^/?#]*@)?([^/?#]*)([^#]*)/.exec(url)?.slice(1) ?? [],
)

/**
 * A `Request`, as the rules look at it. Some servers make the fields only when all are read, and all else with them, so they
 * are read when they are needed.
 */
export class WebRequest implements HttpRequest {
  readonly method: string
  readonly scheme: string
  readonly host: string | undefined
  readonly url: string
  readonly rewritten = undefined
  /** A `Request` does not say. */
  readonly hasCertificate = false
  readonly #fields: Headers
  #headers: HttpRequest['headers'] | undefined

  /** `isFromProxy`: whether the application trusts what the sender says of the client. */
  constructor({ method, headers, url: whole }: Request, isFromProxy: boolean) {
    const [scheme = '', host, url = ''] = partsOf('', whole)
    const forwarded = (name: string) => (isFromProxy ? firstOf(headers.get(name)) : undefined)
    this.method = method
    this.scheme = forwarded('x-forwarded-proto') ?? scheme
    this.host = forwarded('x-forwarded-host') ?? host
    this.url = url
    this.#fields = headers
  }

  get headers(): HttpRequest['headers'] {
    this.#headers ??= objectOf(this.#fields)
    return this.#headers
  }

  get cacheControl(): string | undefined {
    return this.#fields.get('cache-control') ?? undefined
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
    place,
    isFromProxy,
    signal,
  }: {
    fields: Readonly<Record<string, string>>
    place: Place
    isFromProxy: boolean
    signal: AbortSignal
  },
): Request {
  const headers = { ...(isFromProxy && proxyFields((name) => original.headers.has(name), place)), ...fields }
  return requestLike(original, original.url, { headers, signal })
}

/** As `Object.fromEntries` does, in two thirds of the time. */
function objectOf(fields: Headers): HttpRequest['headers'] {
  const object: HttpRequest['headers'] = {}
  for (const [name, value] of fields) {
    if (name === '__proto__') return Object.fromEntries(fields)
    object[name] = value
  }
  return object
}

function firstOf(value: string | null): string | undefined {
  const text = value ?? ''
  const end = text.indexOf(',')
  const first = text.slice(0, end === -1 ? undefined : end)
  return first?.trim().toLowerCase() || undefined
}
