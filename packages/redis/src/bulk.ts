import { checkOptions, type Key, quote, type WriteOptions } from '@diskcache/core'
import type { Commands } from './commands.ts'
import type { Deadline } from './deadline.ts'
import type { EntryKeys } from './entry-key.ts'
import type { EntryReader } from './entry-reader.ts'
import type { EntryWriter } from './entry-writer.ts'
import type { PlannedValue, ValuePlanner } from './value-planner.ts'
import { type EntryOptions, entryOptions, WRITE_OPTION_NAMES } from './write-options.ts'

/** How many commands are under way at a time, so that neither side has to keep much. */
const SLICE = 250

export interface PlannedEntry {
  readonly key: string
  /** `undefined`: it is too large. */
  readonly planned: PlannedValue | undefined
  readonly options: EntryOptions
}

/**
 * Many entries at a time, by plain commands, which cost a server a quarter of what scripts do. One that is sent, but not
 * carried out in time, may therefore take effect later.
 */
export class Bulk {
  readonly #commands: Commands
  readonly #reader: EntryReader
  readonly #writer: EntryWriter

  constructor(commands: Commands, reader: EntryReader, writer: EntryWriter) {
    this.#commands = commands
    this.#reader = reader
    this.#writer = writer
  }

  async values(keys: readonly string[], deadline: Deadline): Promise<({ value: unknown } | undefined)[]> {
    const values: ({ value: unknown } | undefined)[] = []
    for (const slice of slices(keys)) {
      const entries = await this.#commands.getAll(slice, deadline)
      for (const [i, key] of slice.entries())
        values.push(await this.#reader.valueOf(key, entries[i] ?? null, deadline))
      deadline.extend()
    }
    return values
  }

  has(keys: readonly string[], deadline: Deadline): Promise<boolean[]> {
    return this.each(keys, deadline, async (key) => {
      return (await this.#commands.send(key, ['EXISTS', key], deadline)) === 1
    })
  }

  /** Passes over what is too large. No two of them have the same key. */
  async set(entries: readonly PlannedEntry[], deadline: Deadline): Promise<void> {
    const isLasting = ({ planned, options }: PlannedEntry) =>
      planned?.long === undefined && options.ttl === null
    const { lasting = [], other = [] } = Object.groupBy(entries, (entry) =>
      isLasting(entry) ? 'lasting' : 'other',
    )
    for (const slice of slices(lasting)) {
      await this.#setLasting(slice, deadline)
      deadline.extend()
    }
    await this.each(other, deadline, async ({ key, planned, options }) => {
      if (planned !== undefined) await this.#writer.set(key, planned, options, deadline)
    })
  }

  delete(keys: readonly string[], deadline: Deadline): Promise<boolean[]> {
    return this.each(keys, deadline, async (key) => {
      const removed = (await this.#commands.send(key, ['GETDEL', key], deadline)) as Buffer | null
      this.#writer.retire(key, removed)
      return removed !== null
    })
  }

  /** Does it for all, so many at a time; fails with the first that fails, when the others of its slice are done. */
  async each<T, R>(
    items: readonly T[],
    deadline: Deadline,
    task: (item: T) => Promise<R>,
  ): Promise<Awaited<R>[]> {
    const results: Awaited<R>[] = []
    for (const slice of slices(items)) {
      const settled = await Promise.allSettled(slice.map(task))
      for (const one of settled) {
        if (one.status === 'rejected') throw one.reason
        results.push(one.value)
      }
      deadline.extend()
    }
    return results
  }

  async #setLasting(entries: readonly PlannedEntry[], deadline: Deadline): Promise<void> {
    const encoded = entries.flatMap(({ key, planned, options }) =>
      planned === undefined ? [] : [[key, this.#writer.encode(planned, options)] as const],
    )
    if (encoded.length === 0) return
    const replaced = await this.#commands.exchangeAll(encoded, deadline)
    for (const [i, [key]] of encoded.entries()) this.#writer.retire(key, replaced[i] ?? null)
  }
}

/** Throws `TypeError` or `RangeError` for what cannot be stored so. */
export function planEntry(
  entry: unknown,
  common: WriteOptions | undefined,
  { keys, planner }: { keys: EntryKeys; planner: ValuePlanner },
): PlannedEntry {
  if (!Array.isArray(entry))
    throw new TypeError(`Cannot set many: expected an array of key, value and options, got ${quote(entry)}`)
  const [key, value, own] = entry as [Key, unknown, WriteOptions?]
  if (own !== undefined) checkOptions('the write options', own, WRITE_OPTION_NAMES)
  const options = entryOptions(own === undefined ? common : { ...common, ...own })
  return { key: keys.encode(key), planned: planner.plan(value), options }
}

function* slices<T>(items: readonly T[]): Generator<readonly T[]> {
  for (let at = 0; at < items.length; at += SLICE) yield items.slice(at, at + SLICE)
}
