import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { Command } from '../peers/peer.ts'
import type { ServiceKind } from './service.ts'

const WORKER = join(import.meta.dirname, 'worker.ts')

/** A process that reads lines of JSON, a command and its arguments, and answers each with one. */
export class WorkerProcess implements AsyncDisposable {
  readonly #child: ChildProcess
  readonly #answers: AsyncIterator<string>

  constructor([command, ...args]: Command) {
    this.#child = spawn(command, args, { stdio: ['pipe', 'pipe', 'inherit'] })
    // That it could not be started, or has ended, the next answer tells.
    this.#child.on('error', () => {})
    this.#child.stdin!.on('error', () => {})
    this.#answers = createInterface({ input: this.#child.stdout! })[Symbol.asyncIterator]()
  }

  /** Starts a process of our own program. */
  static of(kind: ServiceKind, settings: unknown = null): WorkerProcess {
    return new WorkerProcess([process.execPath, WORKER, kind, JSON.stringify(settings)])
  }

  /** Throws what the process answers as an error. */
  async ask<T = unknown>(command: string, ...args: readonly unknown[]): Promise<T> {
    this.#child.stdin!.write(`${JSON.stringify([command, ...args])}\n`)
    const { value, done } = await this.#answers.next()
    if (done) throw new Error(`Cannot ask ${command}: ${this.#child.spawnfile} ended before it answered`)
    const answer: unknown = JSON.parse(value)
    if (isRefusal(answer)) throw new Error(answer.error)
    return answer as T
  }

  /** Ends the process in whatever it does. */
  async kill(): Promise<void> {
    const exited = once(this.#child, 'exit')
    this.#child.kill('SIGKILL')
    await exited
  }

  /** The process ends with its input. */
  async [Symbol.asyncDispose](): Promise<void> {
    const { exitCode, signalCode } = this.#child
    if (exitCode !== null || signalCode !== null) return
    this.#child.stdin!.end()
    await once(this.#child, 'exit')
  }
}

function isRefusal(answer: unknown): answer is { error: string } {
  return typeof answer === 'object' && answer !== null && 'error' in answer
}
