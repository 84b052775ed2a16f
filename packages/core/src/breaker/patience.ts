import { checkNumber } from '../checks/argument-check.ts'
import { DiskCacheError } from '../contract/errors.ts'
import { MAX_TIMER_MS } from '../waiting/wait-options.ts'

/** What an operation does to the store. */
export type Access = 'read' | 'write'

/** How long a store may take, in milliseconds, unless the options say otherwise. */
const DEFAULT_MS: Readonly<Record<Access, number>> = { read: 50, write: 250 }

/** How long a call goes on with a store that keeps it waiting. */
export interface PatienceOptions {
  /**
   * How long the store may keep one call waiting in all, in milliseconds, before the call goes on without it: by default
   * 50 for what it reads, and 250 when it also writes; `Infinity` for as long as the store itself waits. Time in which
   * this process was busy itself does not count, nor does that in which others compute.
   */
  storeTimeout?: number | undefined
}

/**
 * Checks `storeTimeout`.
 *
 * @throws TypeError, RangeError naming the option
 */
export function checkPatience({ storeTimeout }: PatienceOptions): void {
  if (storeTimeout !== undefined)
    checkNumber('storeTimeout', storeTimeout, { min: 1, max: MAX_TIMER_MS, infinity: true })
}

/** How long one call, with all its operations, still waits for a store. */
export class Patience {
  readonly #storeTimeout: number | undefined
  #spent = 0
  #writes = false

  /** Begins with the whole time. */
  constructor({ storeTimeout }: PatienceOptions = {}) {
    this.#storeTimeout = storeTimeout
  }

  /** Notes that an operation begins: what a call that writes reads from then on has the time for both. */
  begin(access: Access): void {
    if (access === 'write') this.#writes = true
  }

  /** Returns how long the store may take, in milliseconds. */
  limit(access: Access): number {
    return this.#storeTimeout ?? DEFAULT_MS[this.#writes ? 'write' : access]
  }

  /** Notes that it was waited for some more milliseconds, and returns whether that was too long. */
  spend(time: number, access: Access): boolean {
    this.#spent += time
    return this.#spent >= this.limit(access)
  }

  /** Makes the error for a caller that has waited too long. */
  error(access: Access): DiskCacheError {
    const message = `Cannot use the store: it did not answer within ${this.limit(access)} ms (storeTimeout)`
    return new DiskCacheError('ERR_DISKCACHE_TIMEOUT', message)
  }

  /**
   * Returns after how many milliseconds one operation says that something is wrong with the store: one hasty caller says
   * nothing to the others.
   */
  bound(access: Access): number {
    return Math.max(this.#storeTimeout ?? 0, DEFAULT_MS[access])
  }
}
