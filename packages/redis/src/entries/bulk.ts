import { checkOptions, type Key, quote, WRITE_OPTION_NAMES, type WriteOptions } from '@diskcache/core'
import type { EntryKeys } from '../bytes/entry-key.ts'
import type { Commands, KeyCommand } from '../server/commands.ts'
import type { Deadline } from '../server/deadline.ts'
import type { EntryReader } from './entry-reader.ts'
import type { EntryWriter } from './entry-writer.ts'
import type { PlannedValue, ValuePlanner } from './value-planner.ts'
import { type EntryOptions, entryOptions } from './write-options.ts'

/** How many commands are under way at a time, so that neither side has to keep much. */
const SLICE = 250

export interface PlannedEntry {
  readonly key: string
  /** `undefined`: it is too large. */
  readonly planned: PlannedValue | undefined
  readonly options: EntryOptions
}

interface FittingEntry extends PlannedEntry {
  readonly planned: PlannedValue
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

  async has(keys: readonly string[], deadline: Deadline): Promise<boolean[]> {
    const counts: unknown[] = []
    for (const slice of slices(keys)) {
      const commands = slice.map((key) => ({ key, args: ['EXISTS', key] }))
      counts.push(...(await this.#commands.sendAll(commands, deadline)).map(settledValue))
      deadline.extend()
    }
    return counts.map((count) => count === 1)
  }

  /** Passes over what is too large. No two of them have the same key. */
  async set(entries: readonly PlannedEntry[], deadline: Deadline): Promise<void> {
    const { lasting = [], short = [], long = [] } = Object.groupBy(entries.filter(fits), kindOf)
    for (const slice of slices(lasting)) {
      await this.#setLasting(slice, deadline)
      deadline.extend()
    }
    const toCommand = ({ key, planned, options }: FittingEntry): KeyCommand => ({
      key,
      args: this.#writer.setCommand(key, planned, options),
    })
    await this.#exchange(short, toCommand, deadline)
    await this.each(long, deadline, ({ key, planned, options }) =>
      this.#writer.set(key, planned, options, deadline),
    )
  }

  async delete(keys: readonly string[], deadline: Deadline): Promise<boolean[]> {
    const removed = await this.#exchange(keys, (key) => ({ key, args: ['GETDEL', key] }), deadline)
    return removed.map((entry) => entry !== null)
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
      results.push(...settled.map(settledValue))
      deadline.extend()
    }
    return results
  }

  async #setLasting(entries: readonly FittingEntry[], deadline: Deadline): Promise<void> {
    const encoded = entries.map(
      ({ key, planned, options }) => [key, this.#writer.encode(planned, options)] as const,
    )
    const replaced = await this.#commands.exchangeAll(encoded, deadline)
    for (const [i, [key]] of encoded.entries()) this.#writer.retire(key, replaced[i] ?? null)
  }

  /** Sends commands that give what was there, whose chunks are retired, also when others of its slice fail. */
  async #exchange<T>(
    items: readonly T[],
    toCommand: (item: T) => KeyCommand,
    deadline: Deadline,
  ): Promise<(Buffer | null)[]> {
    const replaced: (Buffer | null)[] = []
    for (const slice of slices(items)) {
      const commands = slice.map(toCommand)
      const settled = await this.#commands.sendAll(commands, deadline)
      for (const [i, { key }] of commands.entries())
        if (settled[i]?.status === 'fulfilled') this.#writer.retire(key, settled[i].value as Buffer | null)
      replaced.push(...(settled.map(settledValue) as (Buffer | null)[]))
      deadline.extend()
    }
    return replaced
  }
}

/** Throws the reason of what failed. */
function settledValue<T>(result: PromiseSettledResult<T>): T {
  if (result.status === 'rejected') throw result.reason
  return result.value
}

function fits(entry: PlannedEntry): entry is FittingEntry {
  return entry.planned !== undefined
}

/** Which commands write it. */
function kindOf({ planned, options }: FittingEntry): 'lasting' | 'short' | 'long' {
  if (planned.long !== undefined || options.ttl === 0) return 'long'
  return options.ttl === null ? 'lasting' : 'short'
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
