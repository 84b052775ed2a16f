import type { IncomingMessage } from 'node:http'
import type { TLSSocket } from 'node:tls'
import type { HttpRequest } from '../http/rules/http-request.ts'

/** A request of `node:http`, with what routers on it keep. */
export interface NodeRequest extends IncomingMessage {
  /** Path and query as the client sent them, where a router has changed `url`. */
  readonly originalUrl?: string
  /** The part of the path that routers have taken from `url`. */
  readonly baseUrl?: string
}

/** Returns what the rules look at. `isFromProxy`: whether the application trusts what the sender says of the client. */
export function httpRequestOf(req: NodeRequest, isFromProxy: boolean): HttpRequest {
  const url = req.originalUrl ?? req.url ?? ''
  const routed = (req.baseUrl ?? '') + req.url
  return {
    method: req.method ?? '',
    scheme: schemeOf(req, isFromProxy),
    host: hostOf(req, isFromProxy),
    url,
    rewritten: routed === url ? undefined : routed,
    headers: req.headers,
    cacheControl: req.headers['cache-control'],
    hasCertificate: hasCertificate(req.socket as Partial<TLSSocket>),
  }
}

/** Returns the scheme. What a trusted proxy says counts. */
function schemeOf(req: NodeRequest, isFromProxy: boolean): string {
  const own = (req.socket as Partial<TLSSocket>).encrypted ? 'https' : 'http'
  const forwarded = isFromProxy ? firstOf(req.headers['x-forwarded-proto']) : undefined
  return (forwarded ?? own).toLowerCase()
}

/**
 * Returns the host, with the port. Of several `Host` lines Node keeps one, an application might see another; in HTTP/2
 * `:authority` is one.
 */
function hostOf({ headers, rawHeaders }: NodeRequest, isFromProxy: boolean): string | undefined {
  let lines = 0
  for (let at = 0; at < rawHeaders.length; at += 2) if (isHostName(rawHeaders[at] as string)) lines++
  if (lines > 1) return undefined
  const forwarded = isFromProxy ? firstOf(headers['x-forwarded-host']) : undefined
  const own = headers.host ?? (headers[':authority'] as string | undefined)
  return (forwarded ?? own)?.toLowerCase()
}

/** Returns whether a field names the host. */
function isHostName(name: string): boolean {
  // Names are many, and few are as long as that.
  if (name.length !== 'host'.length && name.length !== ':authority'.length) return false
  return /^(?:host|:authority)$/i.test(name)
}

function firstOf(value: string | string[] | undefined): string | undefined {
  const text = String(value ?? '')
  const end = text.indexOf(',')
  return text.slice(0, end === -1 ? undefined : end).trim() || undefined
}

/**
 * Returns whether the client has a certificate, also one that nobody has vouched for: an application may know it by its
 * fingerprint.
 */
function hasCertificate(socket: Partial<TLSSocket>): boolean {
  if (socket.authorized === true) return true
  if (socket.authorizationError === undefined || socket.authorizationError === null) return false
  return Object.keys(socket.getPeerCertificate?.() ?? {}).length > 0
}
