import {
  type ClientHttp2Session,
  connect,
  createServer,
  type Http2ServerRequest,
  type Http2ServerResponse,
  type ServerHttp2Session,
} from 'node:http2'
import type { AddressInfo } from 'node:net'
import type { Request, Response } from 'express'
import { cacheResponses } from '../../src/express/index.ts'
import type { Answer, Ask } from './http-client.ts'
import type { Platform, Reply } from './platform.ts'

/** Cases of what only HTTP/1.1 can say. */
const HTTP1_ALONE: readonly string[] = [
  'does not store 205',
  'of two Expires neither counts',
  'keeps no field of the connection, and none that it names',
  'takes the first member of Age, and passes over what is no number',
  'of a 304 no field of the connection is kept',
  'an application that goes by Upgrade',
  'an application that goes by a Host that is none',
]

/** `node:http2` with its compatibility API, without encryption. */
export function http2(): Platform {
  return {
    name: 'node:http2',
    isSampled: true,
    lacks: HTTP1_ALONE,
    start: async ({ store, options, reply }) => {
      const cache = cacheResponses(store, options)
      const sessions = new Set<ServerHttp2Session>()
      const answer = async (req: Http2ServerRequest, res: Http2ServerResponse) => {
        try {
          send(res, await reply(req as never))
        } catch {
          res.writeHead(500).end()
        }
      }
      const server = createServer((req, res) => {
        cache(req as unknown as Request, res as unknown as Response, () => answer(req, res))
      })
      server.on('session', (session) => sessions.add(session))
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
      const client = connect(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)
      return {
        ask: (path, how) => ask(client, path, how),
        [Symbol.asyncDispose]: async () => {
          client.destroy()
          for (const session of sessions) session.destroy()
          await new Promise((resolve) => server.close(resolve))
          await cache.close()
        },
      }
    },
  }
}

function send(res: Http2ServerResponse, { status = 200, headers = {}, body }: Reply): void {
  for (const [name, value] of Object.entries(headers)) res.setHeader(name, value as string)
  res.statusCode = status
  if (body === undefined) res.end()
  else res.end(body)
}

function ask(
  client: ClientHttp2Session,
  path: string,
  { method = 'GET', headers = {}, body = '', signal }: Ask = {},
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const names = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value])
    const { host, ...fields } = Object.fromEntries(names)
    const authority = host === undefined ? {} : { ':authority': String(host) }
    const head = { ':method': method, ':path': path, ...authority, ...fields }
    const stream = client.request(head, { endStream: body === '' })
    const chunks: Buffer[] = []
    let received: Answer['headers'] & { ':status'?: number } = {}
    signal?.addEventListener('abort', () => stream.destroy(signal.reason as Error))
    stream.on('response', (head) => {
      received = head as typeof received
    })
    stream.on('data', (chunk) => chunks.push(chunk))
    stream.on('error', reject)
    stream.on('end', () => {
      const all = Buffer.concat(chunks)
      const cache = String(received['cache-status'] ?? '')
      resolve({ status: received[':status'] ?? 0, headers: received, body: all, text: all.toString(), cache })
    })
    if (body !== '') stream.end(body)
  })
}
