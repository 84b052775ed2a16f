import { type IncomingMessage, request } from 'node:http'
import { buffer } from 'node:stream/consumers'
import type { INestApplication } from '@nestjs/common'

export interface Answer {
  readonly status: number | undefined
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly text: string
  readonly bytes: Buffer
  /** What `Cache-Status` says, in one word. */
  readonly cache: Outcome | undefined
}

/** Answered by the cache, by the handler, or by the handler since the cache has no part in it. */
export type Outcome = 'HIT' | 'MISS' | 'BYPASS'

/** Sends requests; unlike `fetch` also with a `Host` of choice, so that two servers can be one host to their clients. */
export class Client {
  readonly #url: string

  constructor(url: string) {
    this.#url = url
  }

  static async of(application: INestApplication): Promise<Client> {
    await application.listen(0, '127.0.0.1')
    return new Client(await application.getUrl())
  }

  async get(
    path: string,
    headers: Record<string, string> = {},
    method = 'GET',
    signal?: AbortSignal,
  ): Promise<Answer> {
    const response = await this.#send(path, { method, signal, headers: { host: 'app.example', ...headers } })
    const { statusCode: status, headers: answered } = response
    const bytes = await buffer(response)
    return {
      ...{ status, headers: answered, bytes, text: bytes.toString() },
      cache: outcomeOf(answered['cache-status'] as string | undefined),
    }
  }

  /** What `Cache-Status` says of each of these requests. */
  async outcomes(...requests: readonly [path: string, headers?: Record<string, string>][]) {
    const outcomes: (Outcome | undefined)[] = []
    for (const [path, headers] of requests) outcomes.push((await this.get(path, headers)).cache)
    return outcomes
  }

  #send(path: string, options: object): Promise<IncomingMessage> {
    return new Promise((resolve, reject) => {
      request(`${this.#url}/${path}`, options, resolve).on('error', reject).end()
    })
  }
}

function outcomeOf(status: string | undefined): Outcome | undefined {
  if (status === undefined) return undefined
  // It may have waited for the first answer to be stored.
  if (/; (?:hit|collapsed)\b/.test(status)) return 'HIT'
  return /; fwd=(?:bypass|method)\b/.test(status) ? 'BYPASS' : 'MISS'
}
