import { fieldOf, type InspectorRequest } from './exchange.ts'
import { Refusal } from './refusal.ts'

/** The longest body of a change, in bytes. */
export const MOST_BODY_BYTES = 64 * 1024

/** The field that no form of another site can send. */
const OWN_FIELD = 'x-diskcache-inspector'

/**
 * Refuses what another site lets a browser ask for. A browser says so by `Sec-Fetch-Site`; all else stands in the fields
 * of the answer, which let no other site read it.
 */
export function checkQuestion(request: InspectorRequest): void {
  const site = fieldOf(request, 'sec-fetch-site')
  if (site === undefined || site === 'same-origin' || site === 'none') return
  throw new Refusal(403, 'Cannot answer another site')
}

/**
 * Refuses a change that does not come from the page. With `isNamed` the browser has to name where it comes from: beside
 * a login that it sends by itself, as a cookie, the field alone would have to suffice. Without, there is a secret in the
 * address, and a program such as curl, which names nothing, may have it.
 */
export function checkChange(request: InspectorRequest, isNamed: boolean): void {
  const site = fieldOf(request, 'sec-fetch-site')
  const origin = fieldOf(request, 'origin')
  const isOwnSite = site === 'same-origin'
  const isOwnOrigin = origin !== undefined && hostOf(origin) === hostOfRequest(request)
  if (site !== undefined && !isOwnSite) throw new Refusal(403, 'Cannot change anything for another site')
  // Behind a proxy the host may be another one than the browser's; what the browser says of the site is true there, too.
  if (origin !== undefined && !isOwnOrigin && !(isNamed && isOwnSite)) {
    throw new Refusal(403, 'Cannot change anything for another origin')
  }
  if (isNamed && !isOwnSite && !isOwnOrigin) {
    throw new Refusal(403, 'Cannot change anything without Origin or Sec-Fetch-Site')
  }
  if (fieldOf(request, OWN_FIELD) !== '1') {
    throw new Refusal(403, 'Cannot change anything without X-Diskcache-Inspector: 1')
  }
  if (!/^application\/json *(;|$)/i.test(fieldOf(request, 'content-type') ?? '')) {
    throw new Refusal(400, 'Cannot read the change: expected application/json')
  }
}

/** Returns what the body of a change says. */
export function jsonBody({ body }: InspectorRequest): Readonly<Record<string, unknown>> {
  const value = parsed(body)
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
    return value as Readonly<Record<string, unknown>>
  }
  throw new Refusal(400, 'Cannot read the change: expected an object as JSON')
}

function parsed(body: unknown): unknown {
  const text = body instanceof Uint8Array ? Buffer.from(body).toString() : body
  if (typeof text !== 'string') return text
  if (Buffer.byteLength(text) > MOST_BODY_BYTES) throw tooLarge()
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** Makes the refusal of a body that is too long. */
export function tooLarge(): Refusal {
  return new Refusal(413, 'Cannot read the change: it is longer than 64 KiB', { Connection: 'close' })
}

/** HTTP/2 has another name for it. */
function hostOfRequest(request: InspectorRequest): string | undefined {
  return fieldOf(request, 'host') ?? fieldOf(request, ':authority')
}

function hostOf(origin: string): string | undefined {
  return /^https?:\/\/([^/]+)$/.exec(origin)?.[1]
}
