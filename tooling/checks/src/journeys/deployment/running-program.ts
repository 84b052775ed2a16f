import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { setTimeout as delay } from 'node:timers/promises'
import { firstUser } from '../../smoke/first-user.ts'

const TIME_LIMIT = 30_000 // ms

export interface Start {
  readonly command?: string
  readonly words: readonly string[]
  readonly folder: string
  readonly env?: Readonly<Record<string, string>>
}

/** A program that runs until it is told to stop. It is killed, at the latest, when its scope ends. */
export class RunningProgram implements Disposable {
  readonly #child: ChildProcess
  #output = ''

  constructor({ command = process.execPath, words, folder, env = {} }: Start) {
    this.#child = spawn(command, words, {
      cwd: folder,
      env: { ...firstUser(process.env), ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => {
        this.#output += text
      })
    }
  }

  /** All that it has printed. */
  get output(): string {
    return this.#output
  }

  /** Waits until it has printed what the pattern finds. */
  async printed(pattern: RegExp): Promise<RegExpExecArray> {
    const end = performance.now() + TIME_LIMIT
    while (performance.now() < end) {
      const found = pattern.exec(this.#output)
      if (found) return found
      if (this.#child.exitCode !== null) break
      await delay(20)
    }
    throw new Error(`it did not print ${pattern}: ${this.#output}`)
  }

  /** The address of a server that prints its port. */
  async address(): Promise<string> {
    const [, port] = await this.printed(/listening on (\d+)/)
    return `http://127.0.0.1:${port}`
  }

  get pid(): number {
    return this.#child.pid!
  }

  /** The id of the one process that it has started, as `unshare` has. */
  get inner(): number {
    return Number(readFileSync(`/proc/${this.pid}/task/${this.pid}/children`, 'utf8').split(' ')[0])
  }

  /** Waits until the one process that it has started stands still. */
  async isStopped(): Promise<void> {
    for (let tries = 0; tries < TIME_LIMIT / 20; tries++) {
      const inner = this.inner
      if (inner && /\) T /.test(readFileSync(`/proc/${inner}/stat`, 'utf8'))) return
      await delay(20)
    }
    throw new Error(`it did not stop: ${this.#output}`)
  }

  /** Sends SIGTERM, to a process of another id if one is given, and waits until it has ended by itself, without an error. */
  async stop(pid = this.pid): Promise<void> {
    const ended = this.ended()
    process.kill(pid, 'SIGTERM')
    await ended
  }

  /** Kills the one process that it has started, and waits until both have gone. */
  async killInner(): Promise<void> {
    const gone = once(this.#child, 'close')
    process.kill(this.inner, 'SIGKILL')
    await gone
  }

  /** Waits until it has ended, and says by which signal, if by one. */
  async endedBySignal(): Promise<NodeJS.Signals | 'none'> {
    const { exitCode, signalCode } = this.#child
    if ((exitCode ?? signalCode) === null)
      await Promise.race([once(this.#child, 'close'), delay(TIME_LIMIT, undefined, { ref: false })])
    return this.#child.signalCode ?? 'none'
  }

  /** Waits until it has ended by itself, without an error. */
  async ended(): Promise<void> {
    const { exitCode, signalCode } = this.#child
    const exit = (exitCode ?? signalCode) ? [exitCode, signalCode] : once(this.#child, 'close')
    const [status, signal] = await Promise.race([
      exit,
      delay(TIME_LIMIT, ['none', 'in time'], { ref: false }),
    ])
    assert.deepEqual([status, signal], [0, null], this.#output)
  }

  [Symbol.dispose](): void {
    this.#child.kill('SIGKILL')
  }
}

/** What the server of the guide answers. */
export async function ask(address: string): Promise<{ pid: number; visits: number }> {
  const response = await fetch(address, { headers: { connection: 'close' } })
  assert.equal(response.status, 200)
  return (await response.json()) as { pid: number; visits: number }
}
