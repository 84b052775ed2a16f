import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import type { Contender } from '../contender.ts'

/**
 * A store in a process of its own, which reads lines `operation calls`, makes the calls, and answers each line with the
 * seconds that they took.
 */
export class PeerProcess implements AsyncDisposable {
  readonly #child: ChildProcess
  readonly #answers: AsyncIterator<string>

  constructor(command: string, args: readonly string[]) {
    this.#child = spawn(command, args, { stdio: ['pipe', 'pipe', 'inherit'] })
    this.#answers = createInterface({ input: this.#child.stdout! })[Symbol.asyncIterator]()
  }

  contender(operation: string): Contender {
    return { time: (calls) => this.#time(operation, calls) }
  }

  async #time(operation: string, calls: number): Promise<number> {
    this.#child.stdin!.write(`${operation} ${calls}\n`)
    const { value, done } = await this.#answers.next()
    if (done)
      throw new Error(`Cannot measure ${operation}: ${this.#child.spawnfile} ended before it answered`)
    return Number(value) * 1e3
  }

  /** The process ends with its input. */
  async [Symbol.asyncDispose](): Promise<void> {
    const { exitCode, signalCode } = this.#child
    if (exitCode !== null || signalCode !== null) return
    this.#child.stdin!.end()
    await once(this.#child, 'exit')
  }
}
