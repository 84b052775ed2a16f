import {
  checkRow,
  DiskCacheError,
  guarded,
  type Key,
  quote,
  type RecipeStore,
  rowKey,
  type WriteOptions,
} from '@diskcache/core'
import { setBits } from './bloom-bits.ts'
import type { BloomFilterOptions } from './bloom-filter-options.ts'
import { BLOCK_BYTES, MOST_BLOCKS } from './bloom-layout.ts'
import type { Positions } from './bloom-pattern.ts'
import { inSlices } from './in-slices.ts'

/** What a filter is made for. It stands in each of its rows. */
interface BloomSize {
  readonly capacity: number
  readonly errorRate: number
}

/** When a filter ends. It tells a filter from the one that follows it. */
interface BloomEnd {
  /** Epoch milliseconds of the engine's clock, or `null` when it never ends. Its rows may stay a little longer. */
  readonly endsAt: number | null
}

/** The row of the filter as a whole. */
interface BloomHead extends BloomSize, BloomEnd {
  readonly blocks: number
}

/** The row of a block, which ends with the filter to which it belongs. */
interface BloomBlock extends BloomSize, BloomEnd {
  /** In base64, which every codec keeps. */
  readonly bits: string
}

const HAS_ENDED: BloomEnd = { endsAt: -Infinity }

/**
 * The rows of one Bloom filter. Each says what the filter is made for: the bits of a value mean nothing in another one.
 * None is evicted.
 */
export class BloomRows {
  readonly #store: RecipeStore
  readonly #name: string
  readonly #size: BloomSize
  readonly #blocks: number
  readonly #ttl: number
  readonly #tag: WriteOptions['tag']
  /** By how much the time that an update is told may be late. */
  readonly #lag: number

  constructor(
    store: RecipeStore,
    { name, capacity, errorRate, ttl = Infinity, tag }: BloomFilterOptions,
    blocks: number,
  ) {
    this.#store = store
    this.#name = name
    this.#size = { capacity, errorRate }
    this.#blocks = blocks
    this.#ttl = ttl
    this.#tag = tag
    this.#lag = store.capabilities.clockLag ?? 0
  }

  /** Returns the bits of a block, or `undefined` where no value was added to it. */
  async bitsOf(block: number): Promise<Uint8Array | undefined> {
    const row = await guarded(this.#store).get(this.#blockKey(block), { fresh: true })
    return row === undefined ? undefined : bytesOf(this.#checkBlock(block, row))
  }

  /** Sets the bits of these values in a block, in one step, and returns for each whether one of its bits was not set. */
  async setBits(block: number, values: readonly Positions[]): Promise<boolean[]> {
    const news = await this.#setBits(block, values)
    // A block that is not there yet is made when it is known when the filter ends.
    return news ?? ((await this.#setBits(block, values, await this.#begin())) as boolean[])
  }

  /** Throws when the filter was made for something else. */
  async checkHead(): Promise<void> {
    const row = await guarded(this.#store).get(this.#headKey(), { fresh: true })
    if (row !== undefined) this.#checkSize(this.#headKey(), this.#headIn(row))
  }

  /**
   * Removes all blocks. The head stays, so that a block that another process makes meanwhile is of the same filter; unless
   * it is that of a filter for something else.
   */
  async clear(): Promise<void> {
    let blocks = this.#blocks
    await guarded(this.#store).update(this.#headKey(), (entry, now) => {
      const before = entry && this.#headIn(entry.value)
      if (before === undefined || this.#isOwn(before)) return { keep: true }
      blocks = Math.max(blocks, Math.min(before.blocks, MOST_BLOCKS))
      return this.#firstHead(now)
    })
    const remove = (block: number) => guarded(this.#store).delete(this.#blockKey(block))
    await inSlices([...Array(blocks).keys()], remove)
  }

  /**
   * Without a head, returns `undefined` when the block is not there, or may have ended; with one, a block of another
   * filter than this head's is replaced.
   */
  async #setBits(
    block: number,
    values: readonly Positions[],
    head?: BloomEnd,
  ): Promise<boolean[] | undefined> {
    let news: boolean[] | undefined
    await guarded(this.#store).update(this.#blockKey(block), (entry, now) => {
      news = undefined
      const before = entry && this.#checkBlock(block, entry.value)
      const { endsAt } = head ?? before ?? HAS_ENDED
      const isOf = before?.endsAt === endsAt
      if (head === undefined && endsAt !== null && endsAt <= now + this.#lag) return { keep: true }
      const bits = isOf ? bytesOf(before) : Buffer.alloc(BLOCK_BYTES)
      news = values.map((positions) => setBits(bits, positions))
      if (!news.includes(true)) return { keep: true }
      const set: BloomBlock = { ...this.#size, endsAt, bits: bits.toString('base64') }
      if (isOf) return { set }
      // Where the filter has ended meanwhile, so have these values.
      const ttl = (endsAt ?? Infinity) - now
      return ttl > 0 ? { set, ttl, tag: this.#tag, pin: true } : { keep: true }
    })
    return news
  }

  /** Returns the head of the filter, which begins where it has not, or has ended. */
  async #begin(): Promise<BloomEnd> {
    let head!: BloomEnd
    await guarded(this.#store).update(this.#headKey(), (entry, now) => {
      const before = entry && this.#headIn(entry.value)
      if (before !== undefined) this.#checkSize(this.#headKey(), before)
      const change = this.#firstHead(now)
      const isLive = before !== undefined && (before.endsAt === null || now < before.endsAt)
      head = isLive ? before : change.set
      return isLive ? { keep: true } : change
    })
    return head
  }

  #firstHead(now: number) {
    const endsAt = this.#ttl === Infinity ? null : now + this.#ttl
    const set: BloomHead = { ...this.#size, blocks: this.#blocks, endsAt }
    return { set, ttl: this.#ttl, tag: this.#tag, pin: true }
  }

  #headIn(row: unknown): BloomHead {
    return checkRow<BloomHead>(this.#headKey(), row, ['capacity', 'errorRate'], isHead)
  }

  #checkBlock(block: number, row: unknown): BloomBlock {
    const key = this.#blockKey(block)
    const found = checkRow<BloomBlock>(key, row, ['capacity', 'errorRate'], isBlock)
    this.#checkSize(key, found)
    return found
  }

  #checkSize(key: Key, found: BloomSize): void {
    if (this.#isOwn(found)) return
    const { capacity, errorRate } = this.#size
    const message = `Cannot use the Bloom filter ${quote(this.#name)} with a capacity of ${capacity} and an error rate of ${errorRate}: it was made with ${found.capacity} and ${found.errorRate}; clear it, or choose another name`
    throw new DiskCacheError('ERR_DISKCACHE_FOREIGN_VALUE', message, { key })
  }

  #isOwn({ capacity, errorRate }: BloomSize): boolean {
    return capacity === this.#size.capacity && errorRate === this.#size.errorRate
  }

  #headKey(): Key {
    return rowKey('bloom', this.#name)
  }

  #blockKey(block: number): Key {
    return rowKey('bloom', this.#name, block)
  }
}

function hasEnd({ endsAt }: BloomEnd): boolean {
  return endsAt === null || Number.isFinite(endsAt)
}

function isHead(row: BloomHead): boolean {
  return hasEnd(row) && Number.isSafeInteger(row.blocks)
}

function isBlock(row: BloomBlock): boolean {
  return hasEnd(row) && typeof row.bits === 'string' && bytesOf(row).length === BLOCK_BYTES
}

function bytesOf({ bits }: BloomBlock): Buffer {
  return Buffer.from(bits, 'base64')
}
