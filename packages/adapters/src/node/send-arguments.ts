import type { ServerResponse } from 'node:http'
import { isUint8Array } from 'node:util/types'

/** What `write` and `end` take, each of which may be left out. */
export interface SendArguments {
  /** As they came: middleware before us may read them in its own way. */
  readonly all: readonly unknown[]
  /** Also `null`, or what Node refuses. */
  readonly chunk: unknown
  readonly encoding: BufferEncoding | undefined
  readonly callback: ((error?: Error | null) => void) | undefined
}

export type HeadersArgument = Record<string, unknown> | readonly unknown[] | undefined

/** Reads the arguments of `write` or `end`. */
export function sendArguments(all: readonly unknown[]): SendArguments {
  const [chunk, encoding] = all.filter((argument) => typeof argument !== 'function')
  const callback = all.find((argument) => typeof argument === 'function')
  return {
    all,
    chunk,
    encoding: typeof encoding === 'string' ? (encoding as BufferEncoding) : undefined,
    callback: callback as SendArguments['callback'],
  }
}

/** Whether Node takes this for a part of a body. */
export function isChunk(chunk: unknown): chunk is string | Uint8Array {
  return typeof chunk === 'string' || isUint8Array(chunk)
}

/** The chunk as bytes that are nobody else's; `undefined` for one that Node refuses, and for none. */
export function bytesOf({ chunk, encoding }: SendArguments): Buffer | undefined {
  if (typeof chunk === 'string') return Buffer.from(chunk, encoding)
  return isUint8Array(chunk) ? Buffer.from(chunk) : undefined
}

/** Bytes of the chunk. */
export function lengthOf({ chunk, encoding }: SendArguments): number {
  return chunk ? Buffer.byteLength(chunk as string | Uint8Array, encoding) : 0
}

/** Sets on a response what `writeHead` is given, so that it can be seen there, and changed. */
export function applyHead(res: ServerResponse, status: number, rest: readonly unknown[]): void {
  const [message, headers] = typeof rest[0] === 'string' ? rest : [undefined, rest[0] ?? rest[1]]
  res.statusCode = status
  // HTTP/2 has none, and Node would warn.
  if (message !== undefined && res.req.httpVersionMajor < 2) res.statusMessage = message as string
  applyHeaders(res, headers as HeadersArgument)
}

function applyHeaders(res: ServerResponse, headers: HeadersArgument): void {
  const pairs = pairsOf(headers)
  if (Array.isArray(headers)) for (const [name] of pairs) res.removeHeader(name)
  for (const [name, value] of pairs) {
    if (Array.isArray(headers)) res.appendHeader(name, value)
    else res.setHeader(name, value)
  }
}

/** From an object, a list of pairs, or a flat list of names and values. */
export function pairsOf(headers: HeadersArgument): [string, string][] {
  if (!Array.isArray(headers)) return Object.entries(headers ?? {}) as [string, string][]
  if (Array.isArray(headers[0])) return headers as [string, string][]
  return headers.flatMap((name, at) => (at % 2 === 0 ? [[name, headers[at + 1]] as [string, string]] : []))
}
