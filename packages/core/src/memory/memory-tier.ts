import { LRUCache } from 'lru-cache'
import type { MemoryStats } from '../contract/operation-options.ts'
import { freezeDeeply } from './freeze-deeply.ts'
import { heldBytes } from './held-bytes.ts'
import type { ResolvedMemoryOptions } from './memory-options.ts'

/**
 * The bytes that an entry takes beside its key and its data, as measured: its objects, its numbers, and its place in the
 * order and in tables that have room for twice as many.
 */
const ENTRY_BYTES = 480

/** The part of all bytes that one value may take. */
const LARGEST_PART = 1 / 8

/** Stands in the place of a value that each reader gets a copy of. */
const COPIED: unique symbol = Symbol('copied')

/** An entry in memory. `S` is what the store knows of it, by which it tells whether it is the same still. */
export interface KeptEntry<S> {
  /** What the store knows of the entry. */
  source: S
  /** The generation in which the entry was known to be true: {@link MemoryTier.unverify} begins another one. */
  generation: number
  /** The value for all readers; see {@link isShared}. */
  readonly value: unknown
  /** Whether it has answered a read since it was kept. */
  isUsed: boolean
}

/** What is to be kept as an entry. */
export interface Addition<S> {
  readonly source: S
  readonly value: unknown
  /** What a copy is made from, or a list of all that the source holds: strings, bytes and numbers. */
  readonly data: unknown
  /** {@link MemoryTier.changes} when the data were read. */
  readonly moment: number
  /** What {@link MemoryTier.find} has just returned for the id, and is not true any more. */
  readonly former?: KeptEntry<S> | undefined
}

/** Returns whether `entry.value` is for all readers; otherwise each has to have a copy. */
export function isShared({ value }: KeptEntry<unknown>): boolean {
  return value !== COPIED
}

/**
 * Entries of a store in memory, those that were used least recently going first when there are too many bytes. It knows
 * nothing of time: its owner says when something may have changed, and which entries have.
 */
export class MemoryTier<S> {
  /** The most bytes that the data of one value may have to be kept. */
  readonly largestBytes: number
  readonly #entries: LRUCache<string | number, KeptEntry<S>>
  readonly #isFreezing: boolean
  #generation = 0
  #changes = 0
  #hits = 0
  #verified = 0
  #misses = 0

  /** Makes a tier without entries. */
  constructor({ maxBytes, share }: ResolvedMemoryOptions) {
    this.largestBytes = Math.floor(maxBytes * LARGEST_PART)
    this.#entries = new LRUCache({ maxSize: maxBytes, maxEntrySize: this.largestBytes + ENTRY_BYTES })
    this.#isFreezing = share === 'frozen'
  }

  /** How often something was forgotten or may have changed. What was read before another one may not be added. */
  get changes(): number {
    return this.#changes
  }

  /** The present generation of what is known: {@link unverify} begins another one. */
  get generation(): number {
    return this.#generation
  }

  /** Returns the entry `id`, true or not; `undefined` when there is none. */
  find(id: string | number): KeptEntry<S> | undefined {
    return this.#entries.get(id)
  }

  /** Returns whether an entry is known to be true. */
  isTrue(entry: KeptEntry<S>): boolean {
    return entry.generation === this.#generation
  }

  /** Notes that an entry, which is to answer a read, is true still, and what the store knows of it now. */
  confirm(entry: KeptEntry<S>, source: S): void {
    entry.isUsed = true
    entry.generation = this.#generation
    entry.source = source
    this.#verified++
  }

  /** Counts a read that an entry answers from memory alone. */
  countHit(entry: KeptEntry<S>): void {
    entry.isUsed = true
    this.#hits++
  }

  /** Counts a read that found nothing in memory, or nothing that was true. */
  countMiss(): void {
    this.#misses++
  }

  /**
   * Keeps an entry, unless something has changed since its data were read; freezes its value where readers are to share
   * it, whether or not the entry is kept. It is not where the former one has changed before it was of use: what others
   * change that often costs only time here. Then the next read keeps it again.
   */
  add(id: string | number, { source, value, data, moment, former }: Addition<S>): void {
    const frozenBytes = this.#isFreezing && typeof value === 'object' ? freezeDeeply(value) : undefined
    if (moment !== this.#changes) return
    if (former?.isUsed === false) {
      this.#entries.delete(id)
      return
    }
    const isForAll = typeof value !== 'object' || value === null || frozenBytes !== undefined
    const entry = { source, generation: this.#generation, value: isForAll ? value : COPIED, isUsed: false }
    const size = ENTRY_BYTES + heldBytes(id) + heldBytes(data) + (frozenBytes ?? 0)
    this.#entries.set(id, entry, { size })
  }

  /** Forgets an entry, because it has changed. */
  forget(id: string | number): void {
    this.#changes++
    this.#entries.delete(id)
  }

  /** Notes that any entry may have changed. */
  unverify(): void {
    this.#changes++
    this.#generation++
  }

  /** Forgets all entries that are not known to be true, in time that grows with their number. */
  forgetUnverified(): void {
    for (const [id, entry] of this.#entries.entries()) if (!this.isTrue(entry)) this.#entries.delete(id)
  }

  /** Forgets all entries. */
  clear(): void {
    this.#changes++
    this.#entries.clear()
  }

  /** Returns what was counted since {@link resetStats}, and what is kept now. */
  stats(): MemoryStats {
    const { size: entries, calculatedSize: bytes } = this.#entries
    return { hits: this.#hits, verified: this.#verified, misses: this.#misses, entries, bytes }
  }

  /** Sets what is counted to 0. */
  resetStats(): void {
    this.#hits = 0
    this.#verified = 0
    this.#misses = 0
  }
}
