import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

const MAIN = fileURLToPath(new URL('../src/main.ts', import.meta.url))

/** The application as a process of its own, at a free port; killed with the scope in which it was started. */
export class ShopProcess implements AsyncDisposable {
  readonly origin: string
  readonly #process: ChildProcess
  readonly #ended: Promise<number | null>

  private constructor(process: ChildProcess, origin: string) {
    this.origin = origin
    this.#process = process
    this.#ended = once(process, 'exit').then(([code]) => code)
  }

  /** Resolves when it listens; rejects with what it wrote when it ends first. */
  static async start(directory: string, queryTime = 1): Promise<ShopProcess> {
    const options = ['--port', '0', '--directory', directory, '--query-time', String(queryTime)]
    // A test runner's settings for Node are not meant for its children.
    const env = { ...process.env, NODE_OPTIONS: '' }
    const child = spawn(process.execPath, [MAIN, ...options], { env, stdio: ['ignore', 'pipe', 'pipe'] })
    return new ShopProcess(child, await originOf(child))
  }

  /** Asks it to end; gives its exit code, `null` if a signal ended it. */
  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<number | null> {
    this.#process.kill(signal)
    return this.#ended
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop('SIGKILL')
  }
}

function originOf(child: ChildProcess): Promise<string> {
  let output = ''
  return new Promise((resolve, reject) => {
    const look = (chunk: unknown) => {
      output += chunk
      const origin = /Listening on (http:[^,\s]+)/.exec(output)?.[1]
      if (origin !== undefined) resolve(origin)
    }
    child.stdout?.on('data', look)
    child.stderr?.on('data', look)
    child.once('error', reject)
    child.once('exit', (code) => reject(new Error(`It ended with ${code}\n${output}`)))
  })
}
