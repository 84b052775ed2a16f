import type { IncomingMessage, ServerResponse } from 'node:http'
import { failureAnswer, movedAnswer } from './answers.ts'
import type { InspectorAnswer, InspectorRequest } from './exchange.ts'
import { MOST_BODY_BYTES, tooLarge } from './request-check.ts'

/** What answers requests. */
export interface Answering {
  answer(request: InspectorRequest): Promise<InspectorAnswer>
}

/** Where a request leads: its path below the page, and its query; `address` is what the client asked for. */
export interface Destination {
  readonly path: string
  readonly query: string
  readonly address: string
}

/** Splits the address of a request, as the client has sent it, from a base that is left out. */
export function destinationOf(url: string, address = url): Destination {
  const [path = '', query = ''] = splitAt(url, '?')
  return { path: path.startsWith('/') ? path : `/${path}`, query, address }
}

/** Answers a request of `node:http`. It never rejects. */
export async function answerNode(
  inspector: Answering,
  exchange: { readonly req: IncomingMessage; readonly res: ServerResponse },
  to: Destination,
): Promise<void> {
  const { req, res } = exchange
  let answer: InspectorAnswer
  try {
    answer = movedTo(to) ?? (await inspector.answer({ ...requestOf(req, to), body: await bodyOf(req) }))
  } catch (error) {
    answer = failureAnswer(error)
  }
  try {
    send(res, answer)
  } catch {
    // What the application has put around the response fails.
    res.destroy()
  }
}

/** Sends an answer. */
export function send(res: ServerResponse, { status, headers, body }: InspectorAnswer): void {
  if (res.headersSent || res.destroyed) return
  res.statusCode = status
  for (const [name, value] of Object.entries(headers)) res.setHeader(name, value)
  res.setHeader('Content-Length', Buffer.byteLength(body))
  res.end(body)
}

/**
 * Returns where the page is when it was asked for without the slash at its end: all addresses in it are relative, and so
 * is this one, since a proxy may have taken away what stands before.
 */
export function movedTo({ path, query, address }: Destination): InspectorAnswer | undefined {
  const [asked = ''] = splitAt(address, '?')
  if (path !== '/' || asked.endsWith('/')) return undefined
  return movedAnswer(`./${asked.slice(asked.lastIndexOf('/') + 1)}/${query === '' ? '' : `?${query}`}`)
}

function requestOf(
  { method = 'GET', headers }: IncomingMessage,
  { path, query }: Destination,
): InspectorRequest {
  return { method, path, query, headers }
}

/** Returns the body: what a framework has made of it, or its bytes. */
async function bodyOf(req: IncomingMessage & { readonly body?: unknown }): Promise<unknown> {
  if (req.method !== 'POST') return undefined
  if (Number(req.headers['content-length'] ?? 0) > MOST_BODY_BYTES) throw tooLarge()
  if (req.readableEnded) return req.body
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of req.iterator({ destroyOnReturn: false })) {
    bytes += (chunk as Buffer).length
    if (bytes > MOST_BODY_BYTES) throw tooLarge()
    chunks.push(chunk as Buffer)
  }
  return Buffer.concat(chunks)
}

function splitAt(text: string, mark: string): [string, string?] {
  const at = text.indexOf(mark)
  return at < 0 ? [text] : [text.slice(0, at), text.slice(at + 1)]
}
