import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { connect } from 'node:net'
import { userInfo } from 'node:os'
import { setTimeout as delay } from 'node:timers/promises'
import { freePort } from './free-port.ts'
import type { ServerKind } from './peer.ts'

const COMMANDS: Record<ServerKind, { command: string; args(port: number, directory: string): string[] }> = {
  redis: {
    command: 'redis-server',
    args: (port, directory) =>
      ['--port', port, '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no', '--dir', directory].map(
        String,
      ),
  },
  memcached: {
    command: 'memcached',
    // It does not start as root unless it is told to.
    args: (port) => `-l 127.0.0.1 -p ${port} -U 0 -m 1024 -I 64m -u ${userInfo().username}`.split(' '),
  },
}

/** About ten seconds, after which a server that does not answer counts as broken. */
const ATTEMPTS = 500
const BETWEEN_ATTEMPTS = 20

/** Why no such server can be started here; `undefined`: it can. */
export function missingServer(kind: ServerKind): string | undefined {
  const { command } = COMMANDS[kind]
  return spawnSync(command, ['--version']).error === undefined ? undefined : `there is no ${command}`
}

/** A server on a free port of the loopback interface, which lives as long as this object. */
export class PeerServer implements AsyncDisposable {
  /** `127.0.0.1:6379`. */
  readonly address: string
  readonly #process: ChildProcess

  private constructor(child: ChildProcess, port: number) {
    this.#process = child
    this.address = `127.0.0.1:${port}`
  }

  /** Resolves when it accepts connections. */
  static async start(kind: ServerKind, directory: string): Promise<PeerServer> {
    const { command, args } = COMMANDS[kind]
    const port = await freePort()
    const child = spawn(command, args(port, directory), { stdio: ['ignore', 'ignore', 'inherit'] })
    for (let attempt = 0; attempt < ATTEMPTS && child.exitCode === null; attempt++) {
      if (await accepts(port)) return new PeerServer(child, port)
      await delay(BETWEEN_ATTEMPTS)
    }
    child.kill()
    throw new Error(`Cannot start ${command}: it does not accept connections`)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#process.exitCode !== null || this.#process.signalCode !== null) return
    const ended = once(this.#process, 'exit')
    this.#process.kill('SIGTERM')
    await ended
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
