import { setTimeout as delay } from 'node:timers/promises'
import { hear, job, tell } from '../../../recipes/tests/processes/job.ts'
import { RedisStore, type RedisStoreOptions } from '../../src/index.ts'
import { KeyHistory, type Outcome } from './key-history.ts'

export interface OutageJob {
  readonly options: RedisStoreOptions
  /** Of this process, for the names of its keys. */
  readonly id: number
  readonly keys: number
  /** Operations that are begun in a second, whether or not earlier ones have ended. */
  readonly rate: number
  /** Operations that are under way at most. */
  readonly most: number
}

export interface OutageReport {
  readonly writes: number
  readonly failures: number
  readonly reads: number
  /** Operations that were left out, since so many were under way. */
  readonly leftOut: number
  /** What took effect after it had been reported as failed. */
  readonly late: readonly string[]
  /** Reads of what was replaced before, or of nothing where something was written. */
  readonly lost: number
  /** The longest time that an operation took, in milliseconds. */
  readonly longest: number
}

const { options, id, keys, rate, most } = await job<OutageJob>()
const store = new RedisStore(options)
let [writes, failures, reads, leftOut, lost, longest, underWay] = [0, 0, 0, 0, 0, 0, 0]
let isOver = false
const late: string[] = []

/** Milliseconds; so long after it was written, an entry expires. */
const TTL = 10 * 3_600_000

type Write = readonly [leaves: number | undefined, done: Promise<unknown>]

/** Of each kind of write; the value that it leaves is the number, or nothing. */
const WRITES: readonly ((key: string, value: number) => Write)[] = [
  (key, value) => [value, store.set(key, value, { ttl: TTL })],
  (key, value) => [value, store.setMany([[key, value]], { ttl: TTL })],
  (key, value) => [value, store.update(key, () => ({ set: value, ttl: TTL }))],
  (key, value) => [value, store.set(key, [value, 'x'.repeat(100_000)], { ttl: TTL })],
  (key, value) => (value % 2 ? [value, store.set(key, value, { ttl: TTL })] : [undefined, store.delete(key)]),
]

/** A key that only this process uses, by one kind of write, or by additions. */
class Key {
  readonly #name: string
  readonly #write: (typeof WRITES)[number] | undefined
  readonly #history = new KeyHistory()
  /** Resolves when all that was begun has ended. */
  #noted = Promise.resolve()
  #lastValue = 0

  constructor(number: number) {
    this.#name = `process ${id}, key ${number}`
    this.#write = WRITES[number % (WRITES.length + 1)]
  }

  /** Begins an operation. */
  begin(): void {
    underWay++
    const start = performance.now()
    const outcome = (Math.random() < 0.4 ? this.#change() : this.#read()).finally(() => {
      underWay--
      longest = Math.max(longest, performance.now() - start)
    })
    this.#noted = this.#noted.then(async () => this.#note(await outcome))
  }

  /** Resolves when it was read once more, after all that was begun. */
  async end(): Promise<void> {
    await this.#noted
    for (;;) {
      const outcome = await this.#read()
      if (outcome.kind === 'read') return this.#note(outcome)
      await delay(10)
    }
  }

  #change(): Promise<Outcome> {
    writes++
    return this.#write === undefined ? this.#add() : this.#set(this.#write)
  }

  async #set(write: (typeof WRITES)[number]): Promise<Outcome> {
    const [value, done] = write(this.#name, ++this.#lastValue)
    const isDone = await succeeds(done)
    return isDone ? { kind: 'wrote', value } : { kind: 'failed to write', value, at: Date.now() }
  }

  async #add(): Promise<Outcome> {
    const sum = await store.incr(this.#name).catch(() => undefined)
    return sum === undefined ? { kind: 'failed to add' } : { kind: 'added', sum }
  }

  async #read(): Promise<Outcome> {
    try {
      const entry = await store.getEntry(this.#name)
      reads++
      const value = (Array.isArray(entry?.value) ? entry.value[0] : entry?.value) as number | undefined
      const expireTime = entry?.expireTime ?? undefined
      return { kind: 'read', value, writtenAt: expireTime && expireTime - TTL }
    } catch {
      return { kind: 'failed to read' }
    }
  }

  #note(outcome: Outcome): void {
    if (outcome.kind.startsWith('failed to') && outcome.kind !== 'failed to read') failures++
    const verdict = this.#history.note(outcome)
    if (verdict === 'late') late.push(`${this.#name}: ${JSON.stringify(outcome)}`)
    if (verdict === 'lost') lost++
  }
}

const all = Array.from({ length: keys }, (_, i) => new Key(i))
const load = operate()
tell('ready')
await hear()
isOver = true
await load
await Promise.all(all.map((key) => key.end()))
tell({ writes, failures, reads, leftOut, late, lost, longest } satisfies OutageReport)
await store.close().catch(() => {})
process.exit()

/** Begins operations at the rate, on keys at random. */
async function operate(): Promise<void> {
  const start = performance.now()
  for (let begun = 0; !isOver; await delay(2)) {
    const due = ((performance.now() - start) * rate) / 1_000
    for (; begun < due; begun++) {
      if (underWay < most) all[Math.floor(Math.random() * keys)]?.begin()
      else leftOut++
    }
  }
}

function succeeds(operation: Promise<unknown>): Promise<boolean> {
  return operation.then(
    () => true,
    () => false,
  )
}
