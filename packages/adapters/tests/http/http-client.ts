import { Agent, type IncomingHttpHeaders, type OutgoingHttpHeaders, request } from 'node:http'

export interface Answer {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly body: Buffer
  readonly text: string
  /** Our member of `Cache-Status`. */
  readonly cache: string
}

export interface Ask {
  readonly method?: string | undefined
  readonly headers?: OutgoingHttpHeaders | undefined
  readonly body?: string | undefined
  readonly signal?: AbortSignal | undefined
}

/** No answer in a test takes longer, in milliseconds. */
const LIMIT = 30_000

const agent = new Agent({ keepAlive: true })

/** Sends exactly what is given, which `fetch` would not; rejects when the answer is cut short. */
export function ask(
  url: string,
  { method = 'GET', headers = {}, body = '', signal }: Ask = {},
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const limit = AbortSignal.timeout(LIMIT)
    const both = signal === undefined ? limit : AbortSignal.any([signal, limit])
    const { hostname, port, origin } = new URL(url)
    // As it is: `URL` would make it tidy.
    const path = url.slice(origin.length)
    const sent = request({ hostname, port, path, method, headers, agent, signal: both }, (res) => {
      const chunks: Buffer[] = []
      res.on('data', (chunk) => chunks.push(chunk))
      res.on('error', reject)
      res.on('end', () => resolve(answerOf(res.statusCode ?? 0, res.headers, Buffer.concat(chunks))))
    })
    sent.on('error', reject)
    sent.end(body)
  })
}

function answerOf(status: number, headers: IncomingHttpHeaders, body: Buffer): Answer {
  const cache = String(headers['cache-status'] ?? '')
  return { status, headers, body, text: body.toString(), cache }
}
