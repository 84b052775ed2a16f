import { hasCode } from '@diskcache/core'
import type { CacheContext } from '../context/cache-context.ts'
import type { Eviction } from './eviction.ts'

/** Knows when the disk is full, and frees space. */
export class FullDisk {
  readonly #context: CacheContext
  readonly #eviction: Eviction

  constructor(context: CacheContext, eviction: Eviction) {
    this.#context = context
    this.#eviction = eviction
  }

  /** Returns whether the error is that of a full disk, at a time when something can be done about it. */
  isFull(error: unknown): boolean {
    const { connection } = this.#context.directory
    return hasCode(error, 'ERR_DISKCACHE_FULL') && connection.isOpen && !connection.inTransaction
  }

  /** Frees the space of what the policy would evict, for a write of about so many bytes. It never throws. */
  makeSpace(bytes: number): void {
    this.#eviction.makeSpace(bytes)
    this.#context.directory.relieve(false)
  }

  /** Runs `remove`, which writes nothing but removals; with the space of the reserve, if it fails for want of space. */
  remove(remove: () => void): void {
    try {
      remove()
    } catch (error) {
      if (!this.isFull(error)) throw error
      this.#context.directory.relieve(true)
      remove()
    }
    this.#context.directory.relieve(false)
  }
}
