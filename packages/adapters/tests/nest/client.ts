import { type IncomingMessage, request } from 'node:http'
import { text } from 'node:stream/consumers'
import type { INestApplication } from '@nestjs/common'

export interface Answer {
  readonly status: number | undefined
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly text: string
  /** What the header `X-Cache` says. */
  readonly cache: string | undefined
}

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

  async get(path: string, headers: Record<string, string> = {}, method = 'GET'): Promise<Answer> {
    const response = await this.#send(path, { method, headers: { host: 'app.example', ...headers } })
    const { statusCode: status, headers: answered } = response
    return {
      status,
      headers: answered,
      text: await text(response),
      cache: answered['x-cache'] as string | undefined,
    }
  }

  /** What the header `X-Cache` says of each of these requests. */
  async outcomes(...requests: readonly [path: string, headers?: Record<string, string>][]) {
    const outcomes: (string | undefined)[] = []
    for (const [path, headers] of requests) outcomes.push((await this.get(path, headers)).cache)
    return outcomes
  }

  #send(path: string, options: object): Promise<IncomingMessage> {
    return new Promise((resolve, reject) => {
      request(`${this.#url}/${path}`, options, resolve).on('error', reject).end()
    })
  }
}
