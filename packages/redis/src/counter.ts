import {
  type CounterOptions,
  checkNumber,
  checkOptions,
  type Disk,
  DiskCacheError,
  type Key,
  quote,
} from '@diskcache/core'
import { keepsRaw } from './codec.ts'
import type { Commands } from './commands.ts'
import type { Deadline } from './deadline.ts'
import type { EntryWriter } from './entry-writer.ts'
import { COUNT } from './scripts/count.ts'
import type { Update } from './update.ts'
import type { ValuePlanner } from './value-planner.ts'
import { entryOptions, ttlArgument, WRITE_OPTION_NAMES } from './write-options.ts'

const OPTION_NAMES = [...WRITE_OPTION_NAMES, 'initial']

interface CounterParts {
  readonly commands: Commands
  readonly writer: EntryWriter
  readonly update: Update
  readonly planner: ValuePlanner
  readonly disk: Disk
}

/** A sum that is asked for, checked. */
export interface Addition {
  readonly key: Key
  readonly delta: number
  readonly options: CounterOptions
}

/** Numbers that are changed in place. Integers by one script; everything else, and other codecs, by an update. */
export class Counter {
  readonly #commands: Commands
  readonly #writer: EntryWriter
  readonly #update: Update
  readonly #planner: ValuePlanner
  readonly #isRaw: boolean

  constructor({ commands, writer, update, planner, disk }: CounterParts) {
    this.#commands = commands
    this.#writer = writer
    this.#update = update
    this.#planner = planner
    this.#isRaw = keepsRaw(disk)
  }

  check(key: Key, delta: number, options: CounterOptions): Addition {
    checkOptions('the options of a counter', options, OPTION_NAMES)
    checkNumber('delta', delta)
    const { initial, ...write } = options
    if (initial !== undefined && initial !== null) checkNumber('initial', initial)
    entryOptions(write)
    return { key, delta, options }
  }

  async add(name: string, addition: Addition, deadline: Deadline): Promise<number> {
    const fast = this.#isFast(addition) ? await this.#count(name, addition, deadline) : undefined
    return fast ?? this.#change(name, addition, deadline)
  }

  /** Whether the script computes what this process would. */
  #isFast({ delta, options: { ttl, initial } }: Addition): boolean {
    const isExact = Number.isSafeInteger(delta) && Number.isSafeInteger((initial ?? 0) + delta)
    return isExact && ttl !== 0 && this.#isRaw
  }

  /** `undefined` where the script leaves it to us. */
  async #count(name: string, addition: Addition, deadline: Deadline): Promise<number | undefined> {
    const { key, delta, options } = addition
    const { initial = 0, ...write } = options
    const { ttl, tags } = entryOptions(write)
    const first = initial === null ? undefined : initial + delta
    const planned = first === undefined ? undefined : this.#planner.planOrThrow(first)
    const entry = planned === undefined ? '' : this.#writer.encode(planned, { ttl, tags })
    const args = [String(delta), this.#writer.nextVersion(), entry, ttlArgument(ttl)]
    const reply = String(await this.#commands.write(COUNT, name, args, deadline))
    if (reply === 'missing') return first ?? missing(key)
    return reply === 'other' ? undefined : Number(reply)
  }

  async #change(name: string, { key, delta, options }: Addition, deadline: Deadline): Promise<number> {
    const { initial = 0, ...write } = options
    let result = 0
    await this.#update.run(
      name,
      (entry) => {
        result = sum(key, entry === undefined ? (initial ?? missing(key)) : entry.value, delta)
        return entry === undefined ? { set: result, ...write } : { set: result }
      },
      deadline,
    )
    return result
  }
}

/** Throws `TypeError` for what is no number, `RangeError` when an integer sum would not be exact. */
function sum(key: Key, value: unknown, delta: number): number {
  if (typeof value !== 'number' && typeof value !== 'bigint')
    throw new TypeError(`Cannot add ${delta} to ${quote(key)}: its value ${quote(value)} is no number`)
  const isExact = typeof value === 'bigint' && Number.isInteger(delta)
  const result = isExact ? Number(value + BigInt(delta)) : Number(value) + delta
  if (!Number.isInteger(result) || Number.isSafeInteger(result)) return result
  throw new RangeError(`Cannot add ${delta} to ${quote(key)}: the sum would not be a safe integer`)
}

function missing(key: Key): never {
  throw new DiskCacheError('ERR_DISKCACHE_KEY_MISSING', `Cannot change ${quote(key)}: it has no value`, {
    key,
  })
}
