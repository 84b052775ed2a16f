import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { type AddressInfo, connect, createServer } from 'node:net'
import { userInfo } from 'node:os'
import { setTimeout as delay } from 'node:timers/promises'
import type { ServerKind } from './peer.ts'

const COMMANDS: Record<ServerKind, { command: string; args(port: number, directory: string): string }> = {
  redis: {
    command: 'redis-server',
    // The empty argument after `--save` is a rule that never holds.
    args: (port, directory) => `--port ${port} --bind 127.0.0.1 --save  --appendonly no --dir ${directory}`,
  },
  memcached: {
    command: 'memcached',
    // It does not start as root unless it is told to.
    args: (port) => `-l 127.0.0.1 -p ${port} -U 0 -m 1024 -I 64m -u ${userInfo().username}`,
  },
}

/** About ten seconds, after which a server that does not answer counts as broken. */
const ATTEMPTS = 500
const BETWEEN_ATTEMPTS = 20

/** A server that lives as long as this object. */
export interface PeerServer extends AsyncDisposable {
  /** `127.0.0.1:6379`. */
  readonly address: string
  /** Sends it a signal, such as SIGSTOP. */
  send(signal: NodeJS.Signals): void
}

/** Starts a server on a free port of the loopback interface; resolves when it accepts connections. */
export async function startServer(kind: ServerKind, directory: string): Promise<PeerServer> {
  const { command, args } = COMMANDS[kind]
  if (spawnSync(command, ['--version']).error !== undefined) throw new Error(`there is no ${command}`)
  const port = await freePort()
  const child = spawn(command, args(port, directory).split(' '), { stdio: ['ignore', 'ignore', 'inherit'] })
  const exited = once(child, 'exit')
  for (let attempt = 0; !(await accepts(port)); attempt++) {
    if (attempt < ATTEMPTS && child.exitCode === null) await delay(BETWEEN_ATTEMPTS)
    else throw new Error(`Cannot start ${command}: it does not accept connections`)
  }
  return {
    address: `127.0.0.1:${port}`,
    send: (signal) => void child.kill(signal),
    async [Symbol.asyncDispose]() {
      child.kill('SIGTERM')
      // A server that was stopped hears of its end only then.
      child.kill('SIGCONT')
      await exited
    },
  }
}

async function freePort(): Promise<number> {
  const server = createServer()
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const { port } = server.address() as AddressInfo
  await new Promise((done) => server.close(done))
  return port
}

function accepts(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1')
  const connected = once(socket, 'connect')
  return connected
    .then(
      () => true,
      () => false,
    )
    .finally(() => socket.destroy())
}
