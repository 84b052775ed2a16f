import { type IncomingHttpHeaders, type OutgoingHttpHeaders, request } from 'node:http'

/** A request as it is sent, which `fetch` would not let one write: any host, origin and path. */
export interface Ask {
  readonly method?: string
  readonly headers?: OutgoingHttpHeaders
  readonly body?: string | Buffer
}

export interface Answer {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly bytes: Buffer
  readonly text: string
}

/** Sends a request to the origin of `base`; `path` is sent as it is, below the path of `base`. */
export async function ask(
  base: string,
  path = '',
  { method = 'GET', headers, body }: Ask = {},
): Promise<Answer> {
  const { hostname, port, pathname } = new URL(base)
  const options = {
    host: hostname.replace(/^\[|\]$/g, ''),
    port,
    path: pathname + path,
    method,
    agent: false,
  }
  return new Promise((resolve, reject) => {
    const sent = request({ ...options, headers: { Connection: 'close', ...headers } }, async (response) => {
      const chunks: Buffer[] = []
      response.on('data', (chunk: Buffer) => chunks.push(chunk)).on('error', reject)
      response.on('end', () => {
        const bytes = Buffer.concat(chunks)
        resolve({ status: response.statusCode!, headers: response.headers, bytes, text: bytes.toString() })
      })
    })
    sent.on('error', reject)
    sent.end(body)
  })
}

/** Asks for JSON, and returns it; fails for any other answer. */
export async function askJson<T>(base: string, path: string, how?: Ask): Promise<T> {
  const answer = await ask(base, path, how)
  if (answer.status !== 200) throw new Error(`${answer.status}: ${answer.text}`)
  return JSON.parse(answer.text) as T
}

/** A change as the page sends it. */
export function change(base: string, body: unknown, headers: OutgoingHttpHeaders = {}): Ask {
  return {
    method: 'POST',
    headers: {
      'Content-Type': 'application/json',
      'X-Diskcache-Inspector': '1',
      Origin: new URL(base).origin,
      ...headers,
    },
    body: typeof body === 'string' || Buffer.isBuffer(body) ? body : JSON.stringify(body),
  }
}

/** The address of an entry, by the id of its key. */
export function entryOf(id: string, name = 'entry'): string {
  return `api/${name}?id=${encodeURIComponent(id)}`
}
