import {
  type AnyStore,
  checkIterable,
  checkName,
  checkNumber,
  checkOptions,
  ITEMS_PER_SLICE,
  isSliceOver,
  type Key,
  nextSlice,
  type RecipeStore,
  recipeStore,
  refuseInTransaction,
  tagsToColumns,
} from '@diskcache/core'
import { estimatedValues, hasBits } from './bloom-bits.ts'
import type { BloomFilterOptions } from './bloom-filter-options.ts'
import { type BloomLayout, bloomLayout } from './bloom-layout.ts'
import { bloomPattern, type Positions } from './bloom-pattern.ts'
import { BloomRows } from './bloom-rows.ts'
import { inSlices } from './in-slices.ts'

/** The values whose blocks are changed together: the more there are, the more of them are in one block. */
const VALUES_AT_A_TIME = 50_000

/** One of many values, by its place among them, and the bits of it. */
interface PlacedValue {
  readonly index: number
  readonly positions: Positions
}

/** Tells of the values of one block, by their positions in it. */
type Answer = (block: number, values: readonly Positions[]) => Promise<boolean[]>

/**
 * A set of values over all processes that takes little room, ten bits or so for each, and may take a value for one that was
 * added when it was not, but never the other way round (Bloom: Space/Time Trade-offs in Hash Coding with Allowable Errors,
 * 1970). The bits stand in blocks, each in a row of its own, and a value sets bits of one of them: it is added in one atomic
 * step. Values are what can be keys, and compared as these are.
 *
 * @example
 * ```ts
 * import assert from 'node:assert/strict'
 * import { Cache } from '@diskcache/cache'
 * import { BloomFilter } from '@diskcache/recipes'
 *
 * await using cache = new Cache('cache-directory').promises
 * const seen = new BloomFilter(cache, { name: 'seen', capacity: 100_000, errorRate: 0.01 })
 * assert.equal(await seen.add('https://example.com/'), true)
 * assert.equal(await seen.add('https://example.com/'), false)
 * assert.equal(await seen.has('https://example.com/'), true)
 * ```
 */
export class BloomFilter {
  readonly #store: RecipeStore
  readonly #layout: BloomLayout
  readonly #rows: BloomRows

  /**
   * Makes a filter on a store, without reading or writing it. Its rows are never evicted: a filter of which a part is
   * missing would not know what was added.
   *
   * @throws TypeError, RangeError for something that is no store, an unknown or illegal option, or a filter that would be
   * larger than 32 MiB
   */
  constructor(store: AnyStore, options: BloomFilterOptions) {
    checkOptions('the options of BloomFilter', options, ['name', 'capacity', 'errorRate', 'ttl', 'tag'])
    const { capacity, errorRate, ttl = Infinity, tag } = options
    checkName(options.name)
    checkNumber('capacity', capacity, { min: 1, integer: true })
    checkNumber('errorRate', errorRate, { min: 1e-6, max: 0.5 })
    checkNumber('ttl', ttl, { min: 1, infinity: true })
    if (tag !== undefined) tagsToColumns(tag)
    this.#store = recipeStore(store)
    this.#layout = bloomLayout(capacity, errorRate)
    this.#rows = new BloomRows(this.#store, options, this.#layout.blocks)
  }

  /**
   * Adds a value, and returns whether it was new: `true` for certain, `false` with the error rate. Of several processes
   * that add one value, exactly one gets `true`, or none.
   *
   * @throws TypeError for what cannot be a key
   * @throws DiskCacheError ERR_DISKCACHE_FOREIGN_VALUE when a filter of this name was made for something else
   * @throws DiskCacheError ERR_DISKCACHE_CLOSED when the store is closed, ERR_DISKCACHE_REENTRANT inside `transact`
   */
  async add(value: Key): Promise<boolean> {
    const [isNew] = await this.addMany([value])
    return isNew as boolean
  }

  /**
   * Adds many values, and returns for each whether it was new, as {@link add} does. Of 50,000 at a time, those of one block
   * are added in one step; when a step fails, others may have taken effect.
   *
   * @throws TypeError, DiskCacheError as `add` does
   */
  async addMany(values: Iterable<Key>): Promise<boolean[]> {
    return this.#ask(values, (block, positions) => this.#rows.setBits(block, positions))
  }

  /**
   * Returns whether a value was added: `false` for certain, `true` with the error rate.
   *
   * @throws TypeError, DiskCacheError as `add` does
   */
  async has(value: Key): Promise<boolean> {
    const [isThere] = await this.hasMany([value])
    return isThere as boolean
  }

  /**
   * Returns, for each of many values, whether it was added, as {@link has} does.
   *
   * @throws TypeError, DiskCacheError as `add` does
   */
  async hasMany(values: Iterable<Key>): Promise<boolean[]> {
    let head: ReturnType<BloomRows['head']> | undefined
    return this.#ask(values, async (block, positions) => {
      head ??= this.#rows.head()
      const bits = await this.#rows.bitsOf(block, head)
      return positions.map((some) => bits !== undefined && hasBits(bits, some))
    })
  }

  /**
   * Returns about how many values were added. It reads all blocks, a thousand at a time.
   *
   * @throws DiskCacheError as `add` does
   */
  async size(): Promise<number> {
    refuseInTransaction(this.#store)
    const head = this.#rows.head()
    let size = 0
    await inSlices([...Array(this.#layout.blocks).keys()], async (block) => {
      const bits = await this.#rows.bitsOf(block, head)
      if (bits !== undefined) size += estimatedValues(bits, this.#layout.hashes)
    })
    return Math.round(size)
  }

  /**
   * Removes all values, a thousand blocks at a time. What is added meanwhile may go or stay. A filter that was made for
   * something else is made for this; otherwise the filter ends when it would have ended.
   *
   * @throws DiskCacheError ERR_DISKCACHE_FOREIGN_VALUE when something else has stored a value where the filter has a row
   * @throws DiskCacheError ERR_DISKCACHE_CLOSED when the store is closed, ERR_DISKCACHE_REENTRANT inside `transact`
   */
  async clear(): Promise<void> {
    refuseInTransaction(this.#store)
    await this.#rows.clear()
  }

  async #ask(values: Iterable<Key>, answer: Answer): Promise<boolean[]> {
    checkIterable('values', values)
    refuseInTransaction(this.#store)
    const all = [...values]
    const answers: boolean[] = []
    for (let at = 0; at < all.length; at += VALUES_AT_A_TIME)
      for (const one of await this.#askTogether(all.slice(at, at + VALUES_AT_A_TIME), answer))
        answers.push(one)
    return answers
  }

  async #askTogether(values: readonly Key[], answer: Answer): Promise<boolean[]> {
    const answers: boolean[] = []
    const blocks = await this.#byBlock(values)
    await inSlices([...blocks], async ([block, some]) => {
      const found = await answer(
        block,
        some.map(({ positions }) => positions),
      )
      for (const [n, { index }] of some.entries()) answers[index] = found[n] as boolean
    })
    return answers
  }

  async #byBlock(values: readonly Key[]): Promise<Map<number, PlacedValue[]>> {
    const blocks = new Map<number, PlacedValue[]>()
    for (const [index, value] of values.entries()) {
      if (index % ITEMS_PER_SLICE === ITEMS_PER_SLICE - 1 && isSliceOver()) await nextSlice()
      const { block, positions } = bloomPattern(value, this.#layout)
      const others = blocks.get(block)
      if (others === undefined) blocks.set(block, [{ index, positions }])
      else others.push({ index, positions })
    }
    return blocks
  }
}
