import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { Contender } from '../contender.ts'
import type { Peer, Place } from './peer.ts'

const WORKER = join(import.meta.dirname, 'peer-worker.ts')

/** A store in a process of its own, which reads lines and answers each with a line of JSON. */
export class PeerProcess implements AsyncDisposable {
  readonly #child: ChildProcess
  readonly #answers: AsyncIterator<string>

  constructor(command: string, args: readonly string[]) {
    this.#child = spawn(command, args, { stdio: ['pipe', 'pipe', 'inherit'] })
    // That it could not be started, or has ended, the next answer tells.
    this.#child.on('error', () => {})
    this.#child.stdin!.on('error', () => {})
    this.#answers = createInterface({ input: this.#child.stdout! })[Symbol.asyncIterator]()
  }

  /** A process that has opened `peer`, or is about to: the first answer tells. */
  static of(peer: Peer, place: Place): PeerProcess {
    const { command, args } = peer.program?.(place) ?? {
      command: process.execPath,
      args: [WORKER, peer.name, JSON.stringify(place)],
    }
    return new PeerProcess(command, args)
  }

  /** A contender for a process that reads `operation calls`, makes the calls, and answers with the seconds they took. */
  contender(operation: string): Contender {
    return { time: async (calls) => Number(await this.ask(`${operation} ${calls}`)) * 1e3 }
  }

  /** Throws what the process answers as an error. */
  async ask(question: string): Promise<unknown> {
    this.#child.stdin!.write(`${question}\n`)
    const { value, done } = await this.#answers.next()
    if (done) throw new Error(`Cannot measure ${question}: ${this.#child.spawnfile} ended before it answered`)
    const answer: unknown = JSON.parse(value)
    if (isRefusal(answer)) throw new Error(answer.error)
    return answer
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
  return (
    typeof answer === 'object' && answer !== null && 'error' in answer && typeof answer.error === 'string'
  )
}
