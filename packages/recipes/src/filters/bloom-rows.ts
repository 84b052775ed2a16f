import { randomUUID } from 'node:crypto'
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

/** What a filter is made for. */
interface BloomSize {
  readonly capacity: number
  readonly errorRate: number
}

/** One life of a filter, from its first value to its end or removal. It stands in all rows of this life. */
interface BloomLife {
  readonly life: string
}

/** The row of the filter as a whole. */
interface BloomHead extends BloomSize, BloomLife {
  readonly blocks: number
  /** Epoch milliseconds of the engine's clock, or `null` when it never ends. Its rows may stay a little longer. */
  readonly endsAt: number | null
}

/** The row of a block. Without the head of its life it counts as empty. */
interface BloomBlock extends BloomLife {
  /** In base64, which every codec keeps. */
  readonly bits: string
}

/** The rows of one Bloom filter: a head, which says what the filter is made for, and the blocks. None is evicted. */
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

  /** Returns the head, or `undefined` where the filter has not begun. Throws when it was made for something else. */
  async head(): Promise<BloomHead | undefined> {
    const row = await guarded(this.#store).get(this.#headKey(), { fresh: true })
    return row === undefined ? undefined : this.#ownHead(row)
  }

  /** Returns the bits of a block, or `undefined` where no value was added to it in the life of this head. */
  async bitsOf(block: number, head: Promise<BloomLife | undefined>): Promise<Uint8Array | undefined> {
    const key = this.#blockKey(block)
    const [row, life] = await Promise.all([guarded(this.#store).get(key, { fresh: true }), head])
    return row === undefined ? undefined : bitsIn(checkBlock(key, row), life)
  }

  /** Sets the bits of these values in a block, in one step, and returns for each whether one of its bits was not set. */
  async setBits(block: number, values: readonly Positions[]): Promise<boolean[]> {
    const head = await this.head()
    const news = head && (await this.#setBits(block, values, head, this.#lag))
    return news ?? ((await this.#setBits(block, values, await this.#begin())) as boolean[])
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

  /** Replaces a block of another life. Returns `undefined` when the filter may have ended, by a clock with this lag. */
  async #setBits(
    block: number,
    values: readonly Positions[],
    { life, endsAt }: BloomHead,
    lag?: number,
  ): Promise<boolean[] | undefined> {
    const key = this.#blockKey(block)
    let news: boolean[] | undefined
    await guarded(this.#store).update(key, (entry, now) => {
      news = undefined
      const before = entry && bitsIn(checkBlock(key, entry.value), { life })
      if (lag !== undefined && endsAt !== null && endsAt <= now + lag) return { keep: true }
      const bits = before ?? Buffer.alloc(BLOCK_BYTES)
      news = values.map((positions) => setBits(bits, positions))
      if (!news.includes(true)) return { keep: true }
      const set: BloomBlock = { life, bits: bits.toString('base64') }
      if (before !== undefined) return { set }
      // Where the filter has ended meanwhile, so have these values.
      const ttl = (endsAt ?? Infinity) - now
      return ttl > 0 ? { set, ttl, tag: this.#tag, pin: true } : { keep: true }
    })
    return news
  }

  /** Returns the head of the filter, which begins where it has not, or has ended. */
  async #begin(): Promise<BloomHead> {
    let head!: BloomHead
    await guarded(this.#store).update(this.#headKey(), (entry, now) => {
      const before = entry && this.#ownHead(entry.value)
      const change = this.#firstHead(now)
      const isLive = before !== undefined && (before.endsAt === null || now < before.endsAt)
      head = isLive ? before : change.set
      return isLive ? { keep: true } : change
    })
    return head
  }

  #firstHead(now: number) {
    const endsAt = this.#ttl === Infinity ? null : now + this.#ttl
    const set: BloomHead = { ...this.#size, life: randomUUID(), blocks: this.#blocks, endsAt }
    return { set, ttl: this.#ttl, tag: this.#tag, pin: true }
  }

  #headIn(row: unknown): BloomHead {
    return checkRow<BloomHead>(this.#headKey(), row, ['capacity', 'errorRate'], isHead)
  }

  #ownHead(row: unknown): BloomHead {
    const head = this.#headIn(row)
    if (this.#isOwn(head)) return head
    const { capacity, errorRate } = this.#size
    const message = `Cannot use the Bloom filter ${quote(this.#name)} with a capacity of ${capacity} and an error rate of ${errorRate}: it was made with ${head.capacity} and ${head.errorRate}; clear it, or choose another name`
    throw new DiskCacheError('ERR_DISKCACHE_FOREIGN_VALUE', message, { key: this.#headKey() })
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

function checkBlock(key: Key, row: unknown): BloomBlock {
  return checkRow<BloomBlock>(key, row, [], isBlock)
}

function isHead({ blocks, endsAt, life }: BloomHead): boolean {
  const hasEnd = endsAt === null || Number.isFinite(endsAt)
  return hasEnd && Number.isSafeInteger(blocks) && typeof life === 'string'
}

function isBlock({ life, bits }: BloomBlock): boolean {
  return typeof life === 'string' && typeof bits === 'string' && bytesOf(bits).length === BLOCK_BYTES
}

/** Returns the bits of a block of this life. */
function bitsIn(block: BloomBlock, head: BloomLife | undefined): Buffer | undefined {
  return block.life === head?.life ? bytesOf(block.bits) : undefined
}

function bytesOf(bits: string): Buffer {
  return Buffer.from(bits, 'base64')
}
