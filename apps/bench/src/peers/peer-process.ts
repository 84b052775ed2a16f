import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import type { Contender } from '../contender.ts'

/** A store in a process of its own, which reads lines and answers each with a line of JSON. */
export class PeerProcess implements AsyncDisposable {
  readonly #child: ChildProcess
  readonly #answers: AsyncIterator<string>

  constructor(command: string, args: readonly string[]) {
    this.#child = spawn(command, args, { stdio: ['pipe', 'pipe', 'inherit'] })
    this.#answers = createInterface({ input: this.#child.stdout! })[Symbol.asyncIterator]()
  }

  /** A contender for a process that reads `operation calls`, makes the calls, and answers with the seconds they took. */
  contender(operation: string): Contender {
    return { time: async (calls) => Number(await this.ask(`${operation} ${calls}`)) * 1e3 }
  }

  async ask(question: string): Promise<unknown> {
    this.#child.stdin!.write(`${question}\n`)
    const { value, done } = await this.#answers.next()
    if (done) throw new Error(`Cannot measure ${question}: ${this.#child.spawnfile} ended before it answered`)
    return JSON.parse(value)
  }

  /** The process ends with its input. */
  async [Symbol.asyncDispose](): Promise<void> {
    const { exitCode, signalCode } = this.#child
    if (exitCode !== null || signalCode !== null) return
    this.#child.stdin!.end()
    await once(this.#child, 'exit')
  }
}
