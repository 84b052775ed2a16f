import { type ChildProcess, spawn } from 'node:child_process'
import { randomInt } from 'node:crypto'
import { once } from 'node:events'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { connect, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { createClient } from 'redis'

/** How long a server may take to answer after its start, in milliseconds. */
const START_TIME = 30_000

/** How many ports a server tries, each of which another process may take in between. */
const ATTEMPTS = 5

/**
 * Where servers get their ports: no system gives these to clients by itself, nor those 10,000 above,
 * on which the servers of a cluster talk to each other.
 */
const PORTS = { first: 10_000, count: 12_000 }

export type ServerProgram = 'redis-server' | 'valkey-server'

/** What the tests run on that do not say: `DISKCACHE_REDIS_SERVER`, or what is installed, redis-server before valkey-server. */
export const SERVER_PROGRAM: ServerProgram = chosenProgram()

/** Where Debian puts a server, or wherever the PATH says; `undefined`: it is not installed. */
export function pathOf(program: ServerProgram): string | undefined {
  return ['/usr/bin', ...(process.env.PATH ?? '').split(delimiter)]
    .map((folder) => join(folder, program))
    .find((path) => existsSync(path))
}

function chosenProgram(): ServerProgram {
  const { DISKCACHE_REDIS_SERVER: chosen } = process.env
  if (chosen === 'redis-server' || chosen === 'valkey-server') return chosen
  if (chosen) throw new Error(`DISKCACHE_REDIS_SERVER is neither redis-server nor valkey-server: ${chosen}`)
  return pathOf('redis-server') === undefined && pathOf('valkey-server') ? 'valkey-server' : 'redis-server'
}

export interface ServerOptions {
  readonly program?: ServerProgram | undefined
  /** Settings as on the command line, such as `maxmemory: '10mb'`. */
  readonly settings?: Readonly<Record<string, string>>
  /** Whether it watches others, instead of keeping data. */
  readonly isSentinel?: boolean
}

/** A server of our own on a free port of the loopback, with nothing on disk. */
export class RedisServer {
  readonly port: number
  readonly #program: ServerProgram
  readonly #settings: Readonly<Record<string, string>>
  readonly #isSentinel: boolean
  readonly #directory = mkdtempSync(join(tmpdir(), 'diskcache-redis-'))
  #process: ChildProcess

  private constructor(
    port: number,
    { program = SERVER_PROGRAM, settings = {}, isSentinel = false }: ServerOptions,
  ) {
    this.port = port
    this.#program = program
    this.#settings = settings
    this.#isSentinel = isSentinel
    this.#process = this.#spawn()
  }

  static async start(options: ServerOptions = {}): Promise<RedisServer> {
    for (let attempt = 1; ; attempt++) {
      const server = new RedisServer(await freePort(), options)
      try {
        await server.#answers()
        return server
      } catch (error) {
        await server.stop()
        if (attempt === ATTEMPTS) throw error
      }
    }
  }

  get url(): string {
    return `redis://127.0.0.1:${this.port}`
  }

  /** It stands still, and its connections stay. */
  pause(): void {
    this.#process.kill('SIGSTOP')
  }

  resume(): void {
    this.#process.kill('SIGCONT')
  }

  /** As `kill -9` does. */
  async kill(): Promise<void> {
    if (this.#process.exitCode !== null || this.#process.signalCode !== null) return
    const ended = once(this.#process, 'exit')
    this.#process.kill('SIGKILL')
    await ended
  }

  /** As the command SHUTDOWN does. */
  async shutdown(): Promise<void> {
    const ended = once(this.#process, 'exit')
    this.#process.kill('SIGTERM')
    await ended
  }

  /** Starts again, empty. */
  async restart(): Promise<void> {
    await this.kill()
    this.#process = this.#spawn()
    await this.#answers()
  }

  async stop(): Promise<void> {
    await this.kill()
    rmSync(this.#directory, { recursive: true, force: true })
  }

  #spawn(): ChildProcess {
    const common = { port: String(this.port), bind: '127.0.0.1', dir: this.#directory }
    const settings = this.#isSentinel ? common : { ...common, save: '', ...this.#settings }
    const args = Object.entries(settings).flatMap(([name, value]) => [`--${name}`, value])
    const path = pathOf(this.#program)
    if (path === undefined) throw new Error(`Cannot start ${this.#program}: it is not installed`)
    if (!this.#isSentinel) return spawn(path, args, { stdio: 'ignore' })
    // It writes down what it learns.
    const file = join(this.#directory, 'sentinel.conf')
    writeFileSync(file, '')
    return spawn(path, [file, '--sentinel', ...args], { stdio: 'ignore' })
  }

  async #answers(): Promise<void> {
    const end = performance.now() + START_TIME
    while (!(await accepts(this.port))) {
      if (performance.now() > end || this.#process.exitCode !== null)
        throw new Error(`${this.#program} does not start`)
      await delay(10)
    }
    const client = await connectClient(this.url)
    const info = await client.info('server')
    client.destroy()
    if (!info.includes(`process_id:${this.#process.pid}\r`))
      throw new Error(`${this.#program} does not start: another server has port ${this.port}`)
  }
}

/** A client whose failures to connect are nobody's concern. */
export async function connectClient(url: string) {
  const client = createClient({ url })
  // Tests look at it through proxies, each of which is a client of its own to a store.
  client.setMaxListeners(0)
  client.on('error', () => {})
  await client.connect()
  return client
}

/** A port that nobody listens on, nor 10,000 above it. */
export async function freePort(): Promise<number> {
  const port = PORTS.first + randomInt(PORTS.count)
  return (await isFree(port)) && (await isFree(port + 10_000)) ? port : freePort()
}

async function isFree(port: number): Promise<boolean> {
  const probe = createServer().listen(port, '127.0.0.1')
  try {
    await once(probe, 'listening')
    return true
  } catch {
    return false
  } finally {
    probe.close()
  }
}

async function accepts(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1')
  try {
    await once(socket, 'connect')
    return true
  } catch {
    return false
  } finally {
    socket.destroy()
  }
}
