import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { type IncomingMessage, request } from 'node:http'
import { json } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'

/** The same sources, compiled to ES modules and to CommonJS. */
export type Format = 'esm' | 'commonjs'

export interface Answer {
  readonly status: number | undefined
  /** Whether the cache answered, or took part at all. */
  readonly cache: string | undefined
  readonly body: unknown
}

export interface Exit {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
}

/** The application as a process of its own, at a free port; killed with the scope in which it was started. */
export class ApplicationProcess implements AsyncDisposable {
  readonly #process: ChildProcess
  readonly #ended: Promise<Exit>
  readonly #url: string
  #output = ''

  private constructor(process: ChildProcess, url: string) {
    this.#process = process
    this.#url = url
    this.#ended = once(process, 'exit').then(([code, signal]) => ({ code, signal }))
    for (const stream of [process.stdout, process.stderr])
      stream?.on('data', (chunk) => {
        this.#output += chunk
      })
  }

  /** Resolves when it listens; rejects with what it wrote when it ends first. */
  static async start(format: Format, directory: string, queryTime: number): Promise<ApplicationProcess> {
    const main = fileURLToPath(new URL(`../dist/${format}/main.js`, import.meta.url))
    const settings = {
      PORT: '0',
      CACHE_DIRECTORY: `${directory}/cache`,
      DATA_DIRECTORY: `${directory}/data`,
      QUERY_TIME: String(queryTime),
    }
    // A test runner's settings for Node are not meant for its children.
    const env = { ...process.env, NODE_OPTIONS: '', NO_COLOR: '1', ...settings }
    const child = spawn(process.execPath, [main], { env, stdio: ['ignore', 'pipe', 'pipe'] })
    return new ApplicationProcess(child, await addressOf(child))
  }

  get pid(): number {
    return this.#process.pid as number
  }

  /** What it wrote since it listened. */
  get output(): string {
    return this.#output
  }

  /** All processes are one host to their clients, as behind a load balancer. */
  async send(path: string, options: { method?: string; user?: string; body?: object } = {}): Promise<Answer> {
    const { method = 'GET', user, body } = options
    const headers = {
      host: 'articles.example',
      connection: 'close',
      ...(user !== undefined && { authorization: `Bearer ${user}` }),
      ...(body !== undefined && { 'content-type': 'application/json' }),
    }
    const response = await new Promise<IncomingMessage>((resolve, reject) => {
      const sent = request(`${this.#url}/${path}`, { method, headers }, resolve)
      sent.on('error', reject).end(body && JSON.stringify(body))
    })
    return { status: response.statusCode, cache: outcomeOf(response), body: await json(response) }
  }

  /** How it ends after this signal. */
  async stop(signal: NodeJS.Signals): Promise<Exit> {
    this.#process.kill(signal)
    return this.#ended
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop('SIGKILL')
  }
}

/** The interceptor of `@nestjs/cache-manager` has words of its own, which `Cache-Status` is brought to. */
function outcomeOf({ headers }: IncomingMessage): string | undefined {
  const status = headers['cache-status'] as string | undefined
  if (status === undefined) return headers['x-cache'] as string | undefined
  if (/; (?:hit|collapsed)\b/.test(status)) return 'HIT'
  return status.includes('; fwd=bypass') ? 'BYPASS' : 'MISS'
}

async function addressOf(child: ChildProcess): Promise<string> {
  let output = ''
  return new Promise((resolve, reject) => {
    const look = (chunk: unknown) => {
      output += chunk
      const address = /Listening on (http:\S+)/.exec(output)?.[1]
      if (address !== undefined) resolve(address)
    }
    child.stdout?.on('data', look)
    child.stderr?.on('data', look)
    child.once('exit', (code, signal) => reject(new Error(`It ended with ${signal ?? code}\n${output}`)))
  })
}
