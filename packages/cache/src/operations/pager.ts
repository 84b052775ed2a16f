import {
  type Column,
  checkBoolean,
  checkKeepsKeys,
  checkOptions,
  checkTagFilter,
  type Disk,
  type EncodedKey,
  hasTag,
  type IterateOptions,
  prefixOption,
  quote,
} from '@diskcache/core'
import {
  afterPrefix,
  type EntryPages,
  hasPrefix,
  type PageBounds,
  type PageRow,
} from '@diskcache/core/sqlite'
import type { CacheContext } from '../context/cache-context.ts'

const OPTION_NAMES = ['order', 'reverse', 'prefix', 'tag', 'untagged', 'foreign']

/** The options of an iteration, checked and complete. */
export interface Walk {
  readonly sorted: boolean
  readonly reverse: boolean
  readonly prefix: string | undefined
  /** The tag of the entries that are meant; `null` for those without one, `undefined` for all. */
  readonly tag: Column | undefined
  readonly skipForeign: boolean
}

export const FORWARD: Walk = {
  sorted: false,
  reverse: false,
  prefix: undefined,
  tag: undefined,
  skipForeign: false,
}

/** Completes the options of an iteration; throws `TypeError` or `RangeError` that names an illegal one. */
export function checkWalk(options: IterateOptions, disk: Disk): Walk {
  checkOptions('the options of an iteration', options, OPTION_NAMES)
  const { order = 'insertion', reverse = false, prefix, foreign = 'throw' } = options
  if (order !== 'insertion' && order !== 'sorted') {
    throw new RangeError(`Cannot use order: expected one of 'insertion', 'sorted', got ${quote(order)}`)
  }
  if (foreign !== 'throw' && foreign !== 'skip') {
    throw new RangeError(`Cannot use foreign: expected one of 'throw', 'skip', got ${quote(foreign)}`)
  }
  keyPrefix('an iteration', { prefix }, disk)
  return {
    sorted: order === 'sorted',
    reverse: checkBoolean('reverse', reverse),
    prefix,
    tag: checkTagFilter(options),
    skipForeign: foreign === 'skip',
  }
}

/**
 * Returns the prefix of options that have nothing else; throws `TypeError` that names what is unknown or illegal, and where
 * the codec does not keep keys as they are.
 */
export function keyPrefix(
  method: string,
  options: { prefix?: string | undefined } | undefined,
  disk: Disk,
): string | undefined {
  const prefix = prefixOption(method, options)
  if (prefix !== undefined) checkKeepsKeys(disk)
  return prefix
}

/**
 * The number of rows with a prefix up to which they are found by the index of keys, and put into the order of
 * insertion. Where there are more, all rows are read in that order.
 */
const MAX_LISTED_ROWS = 10_000

/** Reads live rows page by page. Every page is a query of its own, so that nothing stays open in between. */
export class Pager {
  readonly #context: CacheContext
  readonly #pages: EntryPages
  readonly #walk: Walk
  readonly #size: number
  #newest: bigint | undefined
  #last: PageRow | undefined
  /** The numbers of the rows with the prefix that are still to be read, backwards; `null` when they are too many. */
  #listed: bigint[] | null | undefined
  #isDone = false

  constructor(context: CacheContext, pages: EntryPages, walk: Walk, size: number) {
    this.#context = context
    this.#pages = pages
    this.#walk = walk
    this.#size = size
  }

  /** Whether all rows were read. */
  get isDone(): boolean {
    return this.#isDone || this.#listed?.length === 0
  }

  /** Returns the next rows, or `undefined` after the last page. */
  next(): PageRow[] | undefined {
    if (this.isDone) return undefined
    this.#context.assertUsable()
    this.#newest ??= this.#context.directory.entries.newestRowid()
    if (this.#listed === undefined) this.#listed = this.#list(this.#newest)
    if (this.#listed !== null) return this.isDone ? undefined : this.#readListed(this.#listed)
    const rows = this.#read({ newest: this.#newest, now: this.#context.now(), limit: this.#size })
    const prefixed = rows.filter((row) => isWithin(row, this.#walk.prefix))
    // In the order of keys, rows with the prefix stand together.
    this.#isDone = rows.length < this.#size || (this.#walk.sorted && prefixed.length < rows.length)
    this.#last = rows.at(-1)
    return prefixed.filter((row) => isTagged(row, this.#walk.tag))
  }

  #list(newest: bigint): bigint[] | null {
    const { sorted, reverse, prefix } = this.#walk
    if (sorted || prefix === undefined) return null
    const rowids = this.#context.directory.positions.withPrefix(prefix, newest, MAX_LISTED_ROWS + 1)
    if (rowids.length > MAX_LISTED_ROWS) return null
    return rowids.sort((a, b) => (a < b === reverse ? -1 : 1))
  }

  #readListed(listed: bigint[]): PageRow[] {
    const { reverse, prefix, tag } = this.#walk
    const rowids = listed.splice(-this.#size)
    const rows = this.#pages.listed(rowids, reverse, this.#context.now())
    return rows.filter((row) => isWithin(row, prefix) && isTagged(row, tag))
  }

  #read(bounds: PageBounds): PageRow[] {
    const { sorted, reverse, tag } = this.#walk
    const byTag = sorted || tag === undefined || tag === null ? undefined : this.#readByTag(tag, bounds)
    if (byTag !== undefined) return byTag
    if (!sorted) return this.#pages.byRowid(this.#last?.rowid, reverse, bounds)
    return this.#pages.byKey(
      this.#last === undefined ? start(this.#walk) : encodedKeyOf(this.#last),
      reverse,
      bounds,
    )
  }

  /** Reads the rows with a tag by the indexes of tags, where there are some; another process may drop them. */
  #readByTag(tag: NonNullable<Column>, bounds: PageBounds): PageRow[] | undefined {
    const { directory } = this.#context
    return directory.connection.snapshot(() =>
      directory.removals.tagged.haveIndex()
        ? this.#pages.byTag(tag, this.#last?.rowid, this.#walk.reverse, bounds)
        : undefined,
    )
  }
}

export function encodedKeyOf({ key, raw }: Pick<PageRow, 'key' | 'raw'>): EncodedKey {
  return { key, form: Number(raw) as EncodedKey['form'] }
}

/**
 * Returns the key after which a walk in the order of keys begins: just before the first key that can have the prefix.
 */
function start({ prefix, reverse }: Walk): EncodedKey | undefined {
  if (prefix === undefined) return undefined
  return { key: reverse ? afterPrefix(prefix) : prefix, form: 0 }
}

function isWithin(row: PageRow, prefix: string | undefined): boolean {
  return prefix === undefined || hasPrefix(row, prefix)
}

function isTagged(row: PageRow, tag: Column | undefined): boolean {
  return tag === undefined || hasTag(row, tag)
}
