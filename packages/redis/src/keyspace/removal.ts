import { DiskCacheError } from '@diskcache/core'
import type { Bulk } from '../entries/bulk.ts'
import type { Operations } from '../entries/operations.ts'
import type { Deadline } from '../server/deadline.ts'
import type { KeyScan } from './key-scan.ts'

/** Removes what a walk over the names finds, page by page, and counts it. */
export class Removal {
  readonly #scan: KeyScan
  readonly #bulk: Bulk
  readonly #operations: Operations

  constructor(scan: KeyScan, bulk: Bulk, operations: Operations) {
    this.#scan = scan
    this.#bulk = bulk
    this.#operations = operations
  }

  /** `remove` tells whether it removed the entry. An error carries how many were removed before. */
  async run(
    pattern: string,
    signal: AbortSignal | undefined,
    remove: (name: string, deadline: Deadline) => Promise<boolean>,
  ): Promise<number> {
    let count = 0
    try {
      for await (const page of this.#scan.pages(pattern, signal)) {
        using deadline = this.#operations.step(signal)
        const removed = await this.#bulk.each(page, deadline, (name) => remove(name, deadline))
        count += removed.filter(Boolean).length
      }
    } catch (error) {
      throw error instanceof DiskCacheError ? withCount(error, count) : error
    }
    return count
  }
}

function withCount({ code, message, cause }: DiskCacheError, count: number): DiskCacheError {
  return new DiskCacheError(code, message, { cause, count })
}
