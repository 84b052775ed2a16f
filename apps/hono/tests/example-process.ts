import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

const MAIN = fileURLToPath(new URL('../src/main.ts', import.meta.url))

/** The application as a process of its own, at a free port; ended with the scope in which it was started. */
export class ExampleProcess implements AsyncDisposable {
  readonly origin: string
  readonly #process: ChildProcess

  private constructor(process: ChildProcess, origin: string) {
    this.#process = process
    this.origin = origin
  }

  /** Resolves when it listens; rejects with what it wrote when it ends first. */
  static async start(directory: string): Promise<ExampleProcess> {
    // A test runner's settings for Node are not meant for its children.
    const env = { ...process.env, NODE_OPTIONS: '' }
    const child = spawn(process.execPath, [MAIN, '--port', '0', '--trust-proxy', '--directory', directory], {
      env,
      stdio: 'pipe',
    })
    return new ExampleProcess(child, await originOf(child))
  }

  /** Asks it to end; gives its exit code. */
  async stop(): Promise<number | null> {
    const ended = once(this.#process, 'exit')
    this.#process.kill('SIGTERM')
    return (await ended)[0]
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#process.exitCode === null) this.#process.kill('SIGKILL')
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
    child.once('exit', (code) => reject(new Error(`It ended with ${code}\n${output}`)))
  })
}
