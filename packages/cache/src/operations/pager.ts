import {
  checkBoolean,
  checkOptions,
  checkString,
  type EncodedKey,
  type IterateOptions,
  quote,
} from '@diskcache/core'
import { afterPrefix, type EntryPages, type PageRow } from '@diskcache/core/sqlite'
import type { CacheContext } from '../context/cache-context.ts'

const OPTION_NAMES = ['order', 'reverse', 'prefix', 'foreign']

/** The options of an iteration, checked and complete. */
export interface Walk {
  readonly sorted: boolean
  readonly reverse: boolean
  readonly prefix: string | undefined
  readonly skipForeign: boolean
}

export const FORWARD: Walk = { sorted: false, reverse: false, prefix: undefined, skipForeign: false }

/** Completes the options of an iteration; throws `TypeError` or `RangeError` that names an illegal one. */
export function checkWalk(options: IterateOptions): Walk {
  checkOptions('the options of an iteration', options, OPTION_NAMES)
  const { order = 'insertion', reverse = false, prefix, foreign = 'throw' } = options
  if (order !== 'insertion' && order !== 'sorted') {
    throw new RangeError(`Cannot use order: expected one of 'insertion', 'sorted', got ${quote(order)}`)
  }
  if (foreign !== 'throw' && foreign !== 'skip') {
    throw new RangeError(`Cannot use foreign: expected one of 'throw', 'skip', got ${quote(foreign)}`)
  }
  if (prefix !== undefined) checkString('prefix', prefix)
  return {
    sorted: order === 'sorted',
    reverse: checkBoolean('reverse', reverse),
    prefix,
    skipForeign: foreign === 'skip',
  }
}

/** Reads live rows page by page. Every page is a query of its own, so that nothing stays open in between. */
export class Pager {
  readonly #context: CacheContext
  readonly #pages: EntryPages
  readonly #walk: Walk
  readonly #size: number
  #newest: bigint | undefined
  #last: PageRow | undefined
  #isDone = false

  constructor(context: CacheContext, pages: EntryPages, walk: Walk, size: number) {
    this.#context = context
    this.#pages = pages
    this.#walk = walk
    this.#size = size
  }

  /** Returns the next rows, or `undefined` after the last page. */
  next(): PageRow[] | undefined {
    if (this.#isDone) return undefined
    this.#context.assertUsable()
    this.#newest ??= this.#context.directory.entries.newestRowid()
    const rows = this.#read({ newest: this.#newest, now: this.#context.now(), limit: this.#size })
    const wanted = rows.filter((row) => hasPrefix(row, this.#walk.prefix))
    // In the order of keys, rows with the prefix stand together.
    this.#isDone = rows.length < this.#size || (this.#walk.sorted && wanted.length < rows.length)
    this.#last = rows.at(-1)
    return wanted
  }

  #read(bounds: { newest: bigint; now: number; limit: number }): PageRow[] {
    const { sorted, reverse } = this.#walk
    if (!sorted) return this.#pages.byRowid(this.#last?.rowid, reverse, bounds)
    return this.#pages.byKey(
      this.#last === undefined ? start(this.#walk) : encodedKeyOf(this.#last),
      reverse,
      bounds,
    )
  }
}

export function encodedKeyOf({ key, raw }: PageRow): EncodedKey {
  return { key, form: Number(raw) as EncodedKey['form'] }
}

/**
 * Returns the key after which a walk in the order of keys begins: just before the first key that can have the prefix.
 */
function start({ prefix, reverse }: Walk): EncodedKey | undefined {
  if (prefix === undefined) return undefined
  return { key: reverse ? afterPrefix(prefix) : prefix, form: 0 }
}

function hasPrefix({ key, raw }: PageRow, prefix: string | undefined): boolean {
  if (prefix === undefined) return true
  return raw === 1n && typeof key === 'string' && key.startsWith(prefix)
}
