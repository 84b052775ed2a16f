import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { connect, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { createClient } from 'redis'

/** How long a server may take to answer after its start, in milliseconds. */
const START_TIME = 30_000

/** Where Debian puts it, or wherever the PATH says; `undefined`: it is not installed. */
export const REDIS_SERVER = ['/usr/bin', ...(process.env.PATH ?? '').split(delimiter)]
  .flatMap((folder) => ['redis-server', 'valkey-server'].map((name) => join(folder, name)))
  .find((path) => existsSync(path))

export interface ServerOptions {
  /** Settings as on the command line, such as `maxmemory: '10mb'`. */
  readonly settings?: Readonly<Record<string, string>>
}

/** A server of our own on a free port of the loopback, with nothing on disk. */
export class RedisServer {
  readonly port: number
  readonly #settings: Readonly<Record<string, string>>
  readonly #directory = mkdtempSync(join(tmpdir(), 'diskcache-redis-'))
  #process: ChildProcess

  private constructor(port: number, settings: Readonly<Record<string, string>>) {
    this.port = port
    this.#settings = settings
    this.#process = this.#spawn()
  }

  static async start({ settings = {} }: ServerOptions = {}): Promise<RedisServer> {
    const server = new RedisServer(await freePort(), settings)
    await server.#answers()
    return server
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
    const settings = {
      port: String(this.port),
      bind: '127.0.0.1',
      dir: this.#directory,
      save: '',
      ...this.#settings,
    }
    const args = Object.entries(settings).flatMap(([name, value]) => [`--${name}`, value])
    return spawn(REDIS_SERVER as string, args, { stdio: 'ignore' })
  }

  async #answers(): Promise<void> {
    const end = performance.now() + START_TIME
    while (!(await accepts(this.port))) {
      if (performance.now() > end || this.#process.exitCode !== null)
        throw new Error('redis-server does not start')
      await delay(10)
    }
  }
}

/** A client whose failures to connect are nobody's concern. */
export async function connectClient(url: string) {
  const client = createClient({ url })
  client.on('error', () => {})
  await client.connect()
  return client
}

export async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1')
  await once(probe, 'listening')
  const { port } = probe.address() as { port: number }
  probe.close()
  await once(probe, 'close')
  // A cluster's servers talk to each other on a port that is 10,000 higher.
  return port < 55_000 ? port : freePort()
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
