import { abortable, hasCode } from '@diskcache/core'
import type { LastAnswer } from '../../server/commands.ts'
import { Deadline, type DeadlineWatch } from '../../server/deadline.ts'
import { Joint, type RunTogether } from './joint.ts'
import { type Access, Lanes, Place, type Predecessors } from './lanes.ts'
import type { Sweep } from './sweep.ts'

type Signal = AbortSignal | undefined

/** Runs operations in their order, each with a deadline. */
export class Operations {
  readonly #lanes = new Lanes()
  readonly #watch: DeadlineWatch
  readonly #answers: LastAnswer
  /** Those that can still be joined, by kind and key. */
  readonly #joints = new Map<string, Joint<unknown, unknown>>()
  /** The removal that is under way. */
  #sweep: Sweep | undefined

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

  /** Whether an operation on the key would begin at once, and has nothing to join. */
  isFree(key: string): boolean {
    return this.#lanes.isFree(key)
  }

  /** Whether nothing is under way on the key, nor on all. */
  isIdle(key: string): boolean {
    return this.#sweep === undefined && this.#lanes.isFree(key)
  }

  /** Whether a change is under way that may be one of the key. */
  mayChange(key: string): boolean {
    return this.#sweep !== undefined || this.#lanes.hasWrite(key)
  }

  /**
   * Changes one entry, together with others of the kind that are issued before it is its turn. `kind` says what can be
   * done together, on whichever key.
   */
  join<T, R>(kind: string, key: string, item: T, run: RunTogether<T, R>): Promise<R> {
    const id = `${kind} ${key}`
    const open = this.#joints.get(id) as Joint<T, R> | undefined
    if (open !== undefined && this.#lanes.isLast(key, open.place)) return open.join(item)
    const place = new Place()
    const joint = new Joint(place, run)
    this.#joints.set(id, joint as Joint<unknown, unknown>)
    const end = () => {
      if (this.#joints.get(id) === joint) this.#joints.delete(id)
    }
    const task = async (deadline: Deadline) => {
      // Whoever begins it joins first.
      await undefined
      end()
      return joint.run(deadline)
    }
    joint.done = this.#run([key], 'write', undefined, task, place)
    joint.done.catch(end)
    return joint.join(item)
  }

  /** Reads everything, in steps that have a deadline each. */
  async readAll<T>(signal: Signal, task: () => Promise<T>): Promise<T> {
    const place = new Place()
    const predecessors = this.#lanes.readAll(place)
    try {
      if (predecessors.length > 0) await this.#turn(predecessors, signal)
      return await task()
    } finally {
      this.#leave([], place, predecessors)
    }
  }

  /** Walks over everything for a removal. Once it has begun, others go on, each after its turn with his entries. */
  async sweep(sweep: Sweep, signal: Signal, walk: () => Promise<void>): Promise<void> {
    const [place, beginning] = [new Place(), new Place()]
    const predecessors = this.#lanes.writeAll(place, beginning)
    const begin = () => this.#lanes.begin(beginning)
    try {
      if (predecessors.length > 0) await this.#turn(predecessors, signal)
      this.#sweep = sweep
      begin()
      await walk()
    } finally {
      if (this.#sweep === sweep) this.#sweep = undefined
      else finished(predecessors).then(begin)
      this.#leave([], place, predecessors)
    }
  }

  /** A deadline for something else than an operation. */
  step(): Deadline {
    return new Deadline(this.#watch)
  }

  /** Does a step of what concerns everything. */
  within<T>(signal: Signal, task: (deadline: Deadline) => Promise<T>): Promise<T> {
    return this.#watch.run(task, signal)
  }

  /** Resolves when all that was begun has ended; it never rejects. */
  async idle(): Promise<void> {
    const [place, beginning] = [new Place(), new Place()]
    await finished(this.#lanes.writeAll(place, beginning))
    this.#lanes.begin(beginning)
    this.#lanes.leave([], place)
  }

  #run<T>(
    keys: readonly string[],
    access: Access,
    signal: Signal,
    task: (deadline: Deadline) => Promise<T>,
    place = new Place(),
  ): Promise<T> {
    const predecessors = this.#lanes.enter(keys, access, place)
    const leave = () => this.#leave(keys, place, predecessors)
    if (predecessors.length > 0) return this.#runLater(keys, signal, task, predecessors).finally(leave)
    return this.#watch.run(this.#afterSweep(keys, task), signal, leave)
  }

  async #runLater<T>(
    keys: readonly string[],
    signal: Signal,
    task: (deadline: Deadline) => Promise<T>,
    predecessors: Predecessors,
  ): Promise<T> {
    await this.#turn(predecessors, signal)
    return this.#watch.run(this.#afterSweep(keys, task), signal)
  }

  #afterSweep<T>(keys: readonly string[], task: (deadline: Deadline) => Promise<T>) {
    const sweep = this.#sweep
    if (sweep === undefined) return task
    return async (deadline: Deadline): Promise<T> => {
      await sweep.settle(keys, deadline)
      return task(deadline)
    }
  }

  /** Those before it may take their time, as long as Redis answers them. */
  async #turn(predecessors: Predecessors, signal: Signal): Promise<void> {
    const turn = finished(predecessors)
    for (;;) {
      try {
        return await this.#watch.run(() => abortable(turn, signal))
      } catch (error) {
        const isSilent = performance.now() - this.#answers.time >= this.#watch.timeout
        // The reason of a signal may be any error.
        if (signal?.aborted || isSilent || !hasCode(error, 'ERR_DISKCACHE_TIMEOUT')) throw error
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
