import { abortable, hasCode } from '@diskcache/core'
import type { LastAnswer } from '../server/commands.ts'
import { Deadline, type DeadlineWatch } from '../server/deadline.ts'
import { type Access, Lanes, Place, type Predecessors } from './lanes.ts'

type Signal = AbortSignal | undefined

/** Runs operations in their order, each with a deadline. */
export class Operations {
  readonly #lanes = new Lanes()
  readonly #watch: DeadlineWatch
  readonly #answers: LastAnswer

  constructor(watch: DeadlineWatch, answers: LastAnswer) {
    this.#watch = watch
    this.#answers = answers
  }

  /** Reads entries. The caller does not wait any longer once the signal is aborted. */
  read<T>(keys: readonly string[], signal: Signal, task: (deadline: Deadline) => Promise<T>): Promise<T> {
    const read = this.#run(keys, 'read', signal, task)
    return signal === undefined ? read : abortable(read, signal)
  }

  /** Changes entries. Once the command is sent, the signal comes too late. */
  write<T>(keys: readonly string[], signal: Signal, task: (deadline: Deadline) => Promise<T>): Promise<T> {
    return this.#run(keys, 'write', signal, task)
  }

  /** Does something about everything, in steps that have a deadline each. */
  async all<T>(access: Access, signal: Signal, task: () => Promise<T>): Promise<T> {
    const place = new Place()
    const predecessors = this.#lanes.enterAll(access, place)
    try {
      if (predecessors.length > 0) await this.#turn(predecessors, signal)
      return await task()
    } finally {
      this.#leave([], place, predecessors)
    }
  }

  step(signal?: AbortSignal | undefined): Deadline {
    return new Deadline(this.#watch, signal)
  }

  /** Resolves when all that was begun has ended; it never rejects. */
  async idle(): Promise<void> {
    const place = new Place()
    await finished(this.#lanes.enterAll('write', place))
    this.#lanes.leave([], place)
  }

  async #run<T>(
    keys: readonly string[],
    access: Access,
    signal: Signal,
    task: (deadline: Deadline) => Promise<T>,
  ): Promise<T> {
    const place = new Place()
    const predecessors = this.#lanes.enter(keys, access, place)
    try {
      if (predecessors.length > 0) await this.#turn(predecessors, signal)
      using deadline = this.step(signal)
      return await task(deadline)
    } finally {
      this.#leave(keys, place, predecessors)
    }
  }

  /** Those before it may take their time, as long as Redis answers them. */
  async #turn(predecessors: Predecessors, signal: Signal): Promise<void> {
    const turn = finished(predecessors)
    for (;;) {
      using deadline = this.step(signal)
      try {
        return await deadline.race(abortable(turn, signal))
      } catch (error) {
        const isSilent = performance.now() - this.#answers.time >= this.#watch.timeout
        if (isSilent || !hasCode(error, 'ERR_DISKCACHE_TIMEOUT')) throw error
      }
    }
  }

  /** One that gives up while it waits keeps its place until its turn, or those behind it would come too early. */
  #leave(keys: readonly string[], place: Place, predecessors: Predecessors): void {
    if (predecessors.length === 0) this.#lanes.leave(keys, place)
    else finished(predecessors).then(() => this.#lanes.leave(keys, place))
  }
}

async function finished(places: Predecessors): Promise<void> {
  for (const place of places) await place.finished
}
