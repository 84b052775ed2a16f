import { ok } from 'node:assert'
import { setTimeout as delay } from 'node:timers/promises'
import type { Random } from '../../../../packages/cache/tests/processes/random.ts'
import { Child } from '../../../../packages/recipes/tests/processes/child.ts'
import type { HoldingJob } from '../workers/recipes/holding.ts'

const WORKER = new URL('../workers/recipes/holding.ts', import.meta.url)

/** Processes that hold things, some of which are killed, and some stopped. */
export class Crowd implements AsyncDisposable {
  readonly #job: Omit<HoldingJob, 'id'>
  readonly #random: Random
  #members: Child[] = []
  #started = 0
  killed = 0
  stopped = 0

  constructor(job: Omit<HoldingJob, 'id'>, random: Random) {
    this.#job = job
    this.#random = random
  }

  async grow(count: number): Promise<void> {
    const members = Array.from(
      { length: count },
      () => new Child(WORKER, { ...this.#job, id: this.#started++ }),
    )
    this.#members.push(...members)
    await Promise.all(members.map((member) => member.hear()))
  }

  /** Kills one, which another takes the place of. */
  async kill(): Promise<void> {
    const [victim] = this.#members.splice(this.#random.below(this.#members.length), 1)
    ok(victim?.isRunning, 'a process has ended by itself')
    victim.signal('SIGKILL')
    this.killed++
    await this.grow(1)
  }

  /** Stops one for so many milliseconds. */
  async stop(time: number): Promise<void> {
    const victim = this.#random.pick(this.#members)
    victim.signal('SIGSTOP')
    this.stopped++
    await delay(time)
    victim.signal('SIGCONT')
  }

  expectAlive(): void {
    ok(
      this.#members.every(({ isRunning }) => isRunning),
      'a process has ended by itself',
    )
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#members.map((member) => member[Symbol.asyncDispose]()))
  }
}
