import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'

const MAIN = join(import.meta.dirname, '../../dist/main.js')

/** A process of `diskcache inspect`. */
export class InspectorProcess implements AsyncDisposable {
  /** The address of the page. */
  readonly url: string
  readonly #process: ChildProcess

  private constructor(child: ChildProcess, url: string) {
    this.#process = child
    this.url = url
  }

  /** Starts a process, and waits until it has printed its address. */
  static async start(directory: string, ...args: string[]): Promise<InspectorProcess> {
    const child = spawn(process.execPath, [MAIN, 'inspect', directory, ...args], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    for await (const line of createInterface(child.stdout)) {
      const url = /http:\/\/\S+/.exec(line)?.[0]
      if (url !== undefined) return new InspectorProcess(child, url)
    }
    throw new Error(`diskcache inspect ${directory} printed no address`)
  }

  /** Ends it as Ctrl+C does. */
  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#process.exitCode !== null || this.#process.signalCode !== null) return
    this.#process.kill('SIGINT')
    await once(this.#process, 'exit')
  }
}
