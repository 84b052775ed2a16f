import type { Readable } from 'node:stream'
import type { ByteRange } from '@diskcache/core'
import type { Client } from '../exchange/client.ts'
import { parseRange } from '../fields/byte-range.ts'
import { announce, type Handling } from '../fields/cache-status.ts'
import { type HeaderValue, members, tokens } from '../fields/header-values.ts'
import {
  allowsRange,
  hasConditions,
  isNotModified,
  takesConditions,
  type Validators,
} from '../fields/preconditions.ts'
import type { ResponseHead } from '../fields/response-head.ts'
import type { CacheRequest } from '../rules/cache-request.ts'
import { ageOf } from '../rules/policy.ts'
import type { Body } from '../storing/response-store.ts'
import type { VariantRow } from '../storing/rows.ts'

/** Fields of the body, which a 304 does not have (RFC 9110, 15.4.5). */
const OF_BODY = ['content-type', 'content-length', 'content-encoding', 'content-language', 'content-range']

/** What a client gets of a stored response. */
export interface Reply {
  readonly status: number
  /** The part of the body; `undefined` for none of it. */
  readonly part: ByteRange | undefined
}

/** Decides between the whole, a part, and nothing but the head, by what the client asked for. */
export function replyOf(row: VariantRow, { isHead, preconditions }: CacheRequest): Reply {
  const whole = isHead ? undefined : { start: 0, end: row.size }
  if (!hasConditions(preconditions) || !takesConditions(row.status))
    return { status: row.status, part: whole }
  const validators = validatorsOf(row)
  if (isNotModified(preconditions, validators)) return { status: 304, part: undefined }
  // Ranges are for GET and 200 alone (RFC 9110, 14.2).
  if (isHead || row.status !== 200 || !takesRanges(row) || !allowsRange(preconditions, validators))
    return { status: row.status, part: whole }
  const range = parseRange(preconditions.range, row.size)
  if (range === 'unsatisfiable') return { status: 416, part: undefined }
  return range === undefined ? { status: 200, part: whole } : { status: 206, part: range }
}

/** Puts the head of a stored response on the response. */
export function setHead(client: Client, row: VariantRow, reply: Reply, now: number): void {
  const { head } = client
  head.statusCode = reply.status
  head.statusMessage = (reply.status === row.status && row.message) || ''
  const fill = () => setFields(client, row, reply)
  if (isWhole(row, reply) && head.fillAs !== undefined) head.fillAs(row.headers, fill)
  else fill()
  head.setHeader('Age', Math.floor(ageOf(row.policy, now) / 1_000))
}

/** Puts the fields of a stored response on the response, but for its age. */
function setFields(client: Client, row: VariantRow, reply: Reply): void {
  const { head } = client
  for (const name of row.removed) head.removeHeader(name)
  for (const [name, value] of row.headers) setHeader(head, name, value)
  if (row.madeEtag !== undefined) head.setHeader('ETag', row.madeEtag)
  if (row.status === 200 && !head.hasHeader('accept-ranges')) head.setHeader('Accept-Ranges', 'bytes')
  setLength(client, row, reply)
}

/** Returns whether all of a response is sent, as it is stored. */
function isWhole({ status, size }: VariantRow, reply: Reply): boolean {
  return reply.status === status && reply.part?.start === 0 && reply.part.end === size
}

/**
 * Sends the part of a body that the reply has: of a body in memory, which goes out at once, it is taken here; a stream has
 * nothing else. What goes wrong is told, unless it is that the client has gone.
 */
export function sendBody(
  client: Client,
  body: Body,
  part: ByteRange | undefined,
  tell: (error: unknown) => void,
): void {
  const breakOff = (error: unknown) => {
    const hadGone = client.isGone
    // The head has announced more: only an abrupt end tells the client that this is not all.
    client.destroy()
    if (!hadGone) tell(error)
  }
  if (!(body instanceof Uint8Array)) return void sendStream(client, body, part).catch(breakOff)
  try {
    const { start, end } = part ?? { start: 0, end: 0 }
    client.end(end - start === body.byteLength ? body : body.subarray(start, end))
  } catch (error) {
    breakOff(error)
  }
}

async function sendStream(client: Client, body: Readable, part: ByteRange | undefined): Promise<void> {
  const forget = client.onGone(() => body.destroy())
  try {
    client.end(part && (await pump(client, body, part.end - part.start)))
  } finally {
    forget()
    body.destroy()
  }
}

/** Removes the fields of a body that is not sent. */
export function dropBody(head: ResponseHead): void {
  for (const name of OF_BODY) head.removeHeader(name)
}

/** Says in `Cache-Status` what was done. */
export function announceHit(client: Client, row: VariantRow, now: number, handling: Handling): void {
  announce(client.head, { ...handling, freshnessLeft: row.policy.lifetime - ageOf(row.policy, now) })
}

function validatorsOf(row: VariantRow): Validators {
  return {
    etag: fieldOf(row, 'etag') ?? row.madeEtag,
    lastModified: fieldOf(row, 'last-modified'),
    date: fieldOf(row, 'date'),
    contentEncoding: fieldOf(row, 'content-encoding'),
  }
}

/** Returns whether the application has not said that there are no parts of this one (RFC 9110, 14.3). */
function takesRanges(row: VariantRow): boolean {
  return !tokens(fieldOf(row, 'accept-ranges')).includes('none')
}

function fieldOf({ headers }: VariantRow, name: string): HeaderValue {
  return headers.find(([other]) => other.toLowerCase() === name)?.[1]
}

/** Sets a stored field. Middleware before us may have set `Vary`, for what it does itself, which is kept. */
function setHeader(head: ResponseHead, name: string, value: string | readonly string[]): void {
  if (name.toLowerCase() !== 'vary') return void head.setHeader(name, value)
  const stored = members(value)
  const known = stored.map((member) => member.toLowerCase())
  const others = members(head.getHeader('vary')).filter((member) => !known.includes(member.toLowerCase()))
  head.setHeader(name, [...stored, ...others].join(', '))
}

function setLength(client: Client, { size, status, trailers }: VariantRow, reply: Reply): void {
  if (reply.status === 304 || reply.status === 416) dropBody(client.head)
  if (reply.status === 304) return
  if (reply.status === 416) setRange(client, `bytes */${size}`, 0)
  else if (reply.status === 206 && reply.part !== undefined) {
    const { start, end } = reply.part
    setRange(client, `bytes ${start}-${end - 1}/${size}`, end - start)
  } else if (status !== 204 && !announceTrailers(client, trailers, reply))
    client.head.setHeader('Content-Length', size)
}

/** Announces the trailer fields, if any, in the place of the length. Returns whether they follow the body. */
function announceTrailers(client: Client, trailers: VariantRow['trailers'], { part }: Reply): boolean {
  return trailers !== undefined && part !== undefined && client.trailers(trailers)
}

/**
 * Sets the fields of a part. Bytes of a range must not be compressed on the way: the numbers are those of the stored
 * bytes. `compression` goes by what the client accepts.
 */
function setRange(client: Client, range: string, length: number): void {
  client.forbidCoding()
  client.head.setHeader('Content-Range', range)
  client.head.setHeader('Content-Length', length)
}

/**
 * Sends a stream of so many bytes but for the last chunk, which is returned: a stream that fails at its end, since its
 * bytes have changed, must not be all that the head has announced. Throws when there are more or fewer bytes, or the
 * client goes.
 */
async function pump(client: Client, stream: Readable, length: number): Promise<Buffer | undefined> {
  let [size, last] = [0, undefined as Buffer | undefined]
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    size += chunk.byteLength
    if (size > length) break
    const isReady = last === undefined || client.write(last)
    last = chunk
    if (client.isGone) throw new Error('Cannot send the stored response: the client has gone')
    if (!isReady) await drained(client)
  }
  if (size === length) return last
  throw new Error(
    `Cannot send the stored response: its body has ${size > length ? 'more' : 'fewer'} than ${length} bytes`,
  )
}

function drained(client: Client): Promise<void> {
  return new Promise((resolve) => {
    const forget = client.onGone(resolve)
    client.onDrain(() => {
      forget()
      resolve()
    })
  })
}
