import { setTimeout as delay } from 'node:timers/promises'
import { type Latencies, LatencyRecorder } from './latencies.ts'
import type { PeerStore } from './peer.ts'
import { callOf, OPERATIONS, type Operation } from './peer-operation.ts'
import { type Extent, PeerWorkload, SMALL } from './peer-workload.ts'

/** What a process found while all processes made calls at once. */
export interface LoadResult {
  readonly calls: number
  readonly seconds: number
  /** Of every call that did not fail. */
  readonly latencies: Latencies
  /** Milliseconds that the slowest call took, whether it failed or not. */
  readonly longest: number
  /** Reads that did not give a whole value, though no key is ever removed. */
  readonly misses: number
  /** Writes that were answered with `false`. */
  readonly refused: number
  /** How often which error was thrown. */
  readonly errors: Readonly<Record<string, number>>
}

/** What several processes do at once; mixed: every tenth call is a `set`. */
export const LOAD_KINDS = ['get', 'set', 'mixed'] as const

export type LoadKind = (typeof LOAD_KINDS)[number]

const CALLS_PER_SET: Record<LoadKind, number> = { get: Infinity, set: 1, mixed: 10 }

/** Obeys lines for one store. Times are in seconds, as the Python program gives them. */
export class PeerService {
  readonly #store: PeerStore
  #work = new PeerWorkload(SMALL)
  #filled = false

  constructor(store: PeerStore) {
    this.#store = store
  }

  /**
   * - `operations`: those that the peer has. In flight are only calls that give promises.
   * - `fill KEYS BYTES`: sets all keys to values of so many bytes, and checks that they come back.
   * - `join KEYS BYTES PROCESS`: works on what another process has filled, elsewhere in the round than the others.
   * - `each OPERATION CALLS`: `Latencies` of single calls.
   * - `load KIND START MILLISECONDS`: a `LoadResult`, from an agreed moment (epoch milliseconds) on.
   * - `mark PROCESS COUNT`: sets so many keys of this process's own.
   * - `seen PROCESS COUNT`: how many of another's keys are there as it set them.
   * - `OPERATION CALLS`: the seconds that they took.
   */
  async answer(line: string): Promise<unknown> {
    const [command, ...words] = line.split(' ')
    if (command === 'operations') return this.#operations()
    if (command === 'fill') return this.#fill(extentOf(words))
    if (command === 'join') return this.#join(extentOf(words), Number(words[2]))
    if (command === 'mark') return this.#mark(...marks(words))
    if (command === 'seen') return this.#seen(...marks(words))
    if (!this.#filled) await this.#fill(SMALL)
    if (command === 'each') return this.#each(words[0] as Operation, Number(words[1]))
    if (command === 'load') return this.#load(words[0] as LoadKind, Number(words[1]), Number(words[2]))
    return this.#time(command as Operation, Number(words[0]))
  }

  async #operations(): Promise<Operation[]> {
    await this.#store.set('trial', 'value')
    // One after the other: some peers read half of what is being written.
    const read = this.#store.get('trial')
    await read
    const written = this.#store.set('trial', 'value')
    await written
    return OPERATIONS.filter((operation) => {
      if (operation === 'getFlight') return read instanceof Promise
      if (operation === 'setFlight') return written instanceof Promise
      return this.#call(operation) !== undefined
    })
  }

  async #fill(extent: Extent): Promise<void> {
    this.#work = new PeerWorkload(extent)
    const { keyNames, values } = this.#work
    for (const [i, key] of keyNames.entries()) {
      const value = values.next()
      await this.#store.set(key, value)
      if (i < CHECKED) await this.#expect(key, value)
    }
    this.#filled = true
  }

  #join(extent: Extent, process: number): void {
    this.#work = new PeerWorkload(extent, process)
    this.#filled = true
  }

  /** What gives something else than it was given is not measured. */
  async #expect(key: string, value: string): Promise<void> {
    const found = await this.#store.get(key)
    if (found !== value) throw new Error(`it gave ${excerpt(found)} instead of ${excerpt(value)}`)
    const [many] = ((await this.#store.getMany?.([key])) ?? [value]) as unknown[]
    if (many !== value) throw new Error(`its getMany gave ${excerpt(many)} instead of ${excerpt(value)}`)
  }

  async #time(operation: Operation, calls: number): Promise<number> {
    const call = this.#required(operation)
    const start = performance.now()
    for (let i = 0; i < calls; i++) {
      const result = call()
      if (result instanceof Promise) await result
    }
    const seconds = (performance.now() - start) / 1e3
    await this.#restore(operation, calls)
    return seconds
  }

  async #each(operation: Operation, calls: number): Promise<Latencies> {
    const call = this.#required(operation)
    const recorder = new LatencyRecorder()
    for (let i = 0; i < calls; i++) {
      const start = performance.now()
      const result = call()
      if (result instanceof Promise) await result
      recorder.add(performance.now() - start)
    }
    await this.#restore(operation, calls)
    return recorder.latencies()
  }

  async #load(kind: LoadKind, start: number, milliseconds: number): Promise<LoadResult> {
    const [get, set] = [this.#required('get'), this.#required('set')]
    const recorder = new LatencyRecorder()
    const errors: Record<string, number> = {}
    let [calls, longest, misses, refused] = [0, 0, 0, 0]
    await delay(Math.max(0, start - Date.now()))
    const began = performance.now()
    let now = began
    for (let i = 1; now < began + milliseconds; i++) {
      const before = now
      const isSet = i % CALLS_PER_SET[kind] === 0
      try {
        const pending = isSet ? set() : get()
        const result = pending instanceof Promise ? await pending : pending
        now = performance.now()
        recorder.add(now - before)
        calls++
        if (isSet && result === false) refused++
        if (!isSet && !this.#isWhole(result)) misses++
      } catch (error) {
        now = performance.now()
        const text = errorText(error)
        errors[text] = (errors[text] ?? 0) + 1
      }
      longest = Math.max(longest, now - before)
    }
    const seconds = (now - began) / 1e3
    return { calls, seconds, latencies: recorder.latencies(), longest, misses, refused, errors }
  }

  #isWhole(value: unknown): boolean {
    return typeof value === 'string' && value.length === this.#work.bytes
  }

  async #mark(process: number, count: number): Promise<void> {
    for (let i = 0; i < count; i++) {
      try {
        await this.#store.set(markKey(process, i), markValue(process, i))
      } catch {
        // Then it is not seen either, which is counted.
      }
    }
  }

  async #seen(process: number, count: number): Promise<number> {
    let seen = 0
    for (let i = 0; i < count; i++)
      if ((await this.#store.get(markKey(process, i))) === markValue(process, i)) seen++
    return seen
  }

  /** Sets what was deleted again. */
  async #restore(operation: Operation, calls: number): Promise<void> {
    if (operation !== 'delete') return
    const { restored, values } = this.#work
    for (const key of restored.take(calls)) await this.#store.set(key, values.next())
  }

  #required(operation: Operation): () => unknown {
    const call = this.#call(operation)
    if (call === undefined) throw new RangeError(`Cannot make calls: there is no ${operation}`)
    return call
  }

  #call(operation: Operation): (() => unknown) | undefined {
    return callOf(operation, this.#store, this.#work)
  }
}

/** So many keys are read after they have been set first. */
const CHECKED = 3

function extentOf([keys, bytes]: readonly string[]): Extent {
  return { keys: Number(keys), bytes: Number(bytes) }
}

function marks(words: readonly string[]): [process: number, count: number] {
  return [Number(words[0]), Number(words[1])]
}

function markKey(process: number, i: number): string {
  return `mark:${process}:${i}`
}

function markValue(process: number, i: number): string {
  return `${process} has set ${i}`
}

/** The beginning of a value, for a message. */
function excerpt(value: unknown): string {
  return `${JSON.stringify(value)}`.slice(0, 40)
}

/** What names a kind of error: its code, or the beginning of its message. */
function errorText(error: unknown): string {
  if (!(error instanceof Error)) return String(error).slice(0, 60)
  if (error.cause instanceof Error) return errorText(error.cause)
  const { code } = error as NodeJS.ErrnoException
  return code ?? error.message.split('\n')[0]!.slice(0, 60)
}
