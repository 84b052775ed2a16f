import {
  checkBoolean,
  checkChoice,
  checkOptions,
  checkString,
  checkTagFilter,
  type IterateOptions,
  type Key,
  quote,
} from '@diskcache/core'
import type { EntryKeys } from '../bytes/entry-key.ts'
import { encodeTagColumn } from '../bytes/tag-bytes.ts'
import type { Bulk } from '../entries/bulk.ts'
import type { Operations } from '../entries/order/operations.ts'
import type { KeyScan } from './key-scan.ts'

type Signal = AbortSignal | undefined

/** Which entries an iteration passes through. */
export interface Selection {
  readonly prefix: string | undefined
  /** Empty for those without a tag. */
  readonly tag: Buffer | undefined
}

const OPTION_NAMES = ['order', 'reverse', 'prefix', 'tag', 'untagged', 'foreign']

/** Throws `TypeError` or `RangeError` that names the option; Redis keeps no order that could be asked for. */
export function checkIterateOptions(options: IterateOptions): Selection {
  checkOptions('the options of an iteration', options, OPTION_NAMES)
  const { order, reverse = false, prefix, foreign = 'throw' } = options
  if (order !== undefined) throw new RangeError(`Cannot use order '${order}': Redis keeps no order of keys`)
  if (checkBoolean('reverse', reverse))
    throw new RangeError('Cannot use reverse: Redis keeps no order of keys')
  if (prefix !== undefined) checkKeyPrefix(prefix)
  checkChoice('foreign', foreign, ['throw', 'skip'])
  const tag = checkTagFilter(options)
  return { prefix, tag: tag === undefined ? undefined : encodeTagColumn(tag) }
}

/** Throws `TypeError` for what is no string, `RangeError` for one with half a character, which Redis could not look for. */
export function checkKeyPrefix(prefix: unknown): void {
  if (checkString('prefix', prefix).isWellFormed()) return
  throw new RangeError(`Cannot use prefix ${quote(prefix)}: expected well-formed text`)
}

/** Iterators over live entries, page by page, after everything that was pending when they began. */
export class Iteration {
  readonly #keys: EntryKeys
  readonly #scan: KeyScan
  readonly #bulk: Bulk
  readonly #operations: Operations

  constructor(keys: EntryKeys, scan: KeyScan, bulk: Bulk, operations: Operations) {
    this.#keys = keys
    this.#scan = scan
    this.#bulk = bulk
    this.#operations = operations
  }

  async *keys(selection: Selection, signal: Signal): AsyncGenerator<Key, undefined, undefined> {
    for await (const page of this.#pages(selection, signal))
      for (const name of page) yield this.#keys.decode(name)
  }

  async *values(selection: Selection, signal: Signal): AsyncGenerator<unknown, undefined, undefined> {
    for await (const [, value] of this.entries(selection, signal)) yield value
  }

  async *entries(selection: Selection, signal: Signal): AsyncGenerator<[Key, unknown], undefined, undefined> {
    for await (const page of this.#pages(selection, signal)) {
      let at = 0
      for await (const batch of this.#bulk.valueBatches(page, (task) =>
        this.#operations.within(signal, task),
      )) {
        for (const found of batch) {
          const name = page[at++] as string
          if (found !== undefined) yield [this.#keys.decode(name), found.value]
        }
      }
    }
  }

  /** How many there are, or how many whose key is a string with this prefix. */
  async count(prefix: string | undefined, signal: Signal): Promise<number> {
    let count = 0
    const pattern = this.#keys.entryPattern(prefix)
    for await (const page of this.#scan.distinctPages(pattern, signal)) count += page.length
    return count
  }

  async *#pages({ prefix, tag }: Selection, signal: Signal): AsyncGenerator<string[], void> {
    await this.#operations.readAll(signal, async () => {})
    for await (const page of this.#scan.distinctPages(this.#keys.entryPattern(prefix), signal)) {
      const names = tag === undefined ? page : await this.#tagged(page, tag, signal)
      if (names.length > 0) yield names
    }
  }

  #tagged(names: readonly string[], tag: Buffer, signal: Signal): Promise<string[]> {
    return this.#operations.within(signal, (deadline) => this.#bulk.tagged(names, tag, deadline))
  }
}
