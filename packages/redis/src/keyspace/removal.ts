import { DiskCacheError } from '@diskcache/core'
import type { Operations } from '../entries/order/operations.ts'
import { Sweep } from '../entries/order/sweep.ts'
import type { Deadline } from '../server/deadline.ts'
import type { KeyScan } from './key-scan.ts'

/** Names for one step, between which others have their turn. */
const STEP = 125

/** Removes the entries of these names that should go; tells for each whether it went. */
export type RemoveNames = (names: readonly string[], deadline: Deadline) => Promise<boolean[]>

/** Removes what a walk over the names finds, page by page, and counts it. */
export class Removal {
  readonly #scan: KeyScan
  readonly #operations: Operations

  constructor(scan: KeyScan, operations: Operations) {
    this.#scan = scan
    this.#operations = operations
  }

  /** An error carries how many were removed before. */
  async run(
    pattern: string,
    isMeant: (name: string) => boolean,
    signal: AbortSignal | undefined,
    remove: RemoveNames,
  ): Promise<number> {
    const sweep = new Sweep(isMeant, remove)
    try {
      await this.#operations.sweep(sweep, signal, () => this.#walk(sweep, pattern, signal))
    } catch (error) {
      throw error instanceof DiskCacheError ? withCount(error, sweep.count) : error
    }
    return sweep.count
  }

  async #walk(sweep: Sweep, pattern: string, signal: AbortSignal | undefined): Promise<void> {
    for await (const page of this.#scan.pages(pattern, signal)) {
      for (let at = 0; at < page.length; at += STEP) {
        const names = page.slice(at, at + STEP)
        await this.#operations.within(signal, (deadline) => sweep.take(names, deadline))
      }
    }
  }
}

function withCount({ code, message, cause }: DiskCacheError, count: number): DiskCacheError {
  return new DiskCacheError(code, message, { cause, count })
}
