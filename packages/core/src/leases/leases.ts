import { checkFunction, checkOptions, quote } from '../checks/argument-check.ts'
import type { Abortable } from '../contract/async-store.ts'
import { lockChannel } from '../contract/diagnostics.ts'
import { DiskCacheError, hasCode } from '../contract/errors.ts'
import { pause } from '../waiting/pause.ts'
import { TimeLimit } from '../waiting/time-limit.ts'
import { checkWaitOptions, type WaitOptions } from '../waiting/wait-options.ts'
import { Claim, type Refused, type Terms } from './claim.ts'
import { type Hold, withHold } from './hold.ts'
import { type HoldRow, liveHolds } from './hold-row.ts'
import { LeasedHold } from './leased-hold.ts'
import { linesOf } from './lines.ts'
import { nameOf, refuseInTransaction } from './recipe-store.ts'
import { rowChange } from './row-change.ts'
import { identityOf } from './row-key.ts'

/** How long it is waited before a store that did not answer in time is asked again, in milliseconds. */
const STALL_TIME = 20

/** What a lock and a semaphore have in common: leases on one row, so many at a time. */
export class Leases {
  readonly #terms: Terms
  readonly #id: string

  constructor(terms: Terms) {
    this.#terms = terms
    this.#id = identityOf(terms.rowKey)
  }

  /** Waits in line with the others of this process, the first of whom watches the row for all of them. */
  async acquire(wait: WaitOptions = {}): Promise<LeasedHold> {
    checkWaitOptions(wait)
    refuseInTransaction(this.#terms.store)
    wait.signal?.throwIfAborted()
    if (wait.timeout === 0) return this.#acquireNow(wait)
    using limit = new TimeLimit(wait, () => this.#timeoutError(wait.timeout))
    const { signal } = limit
    const isPatient = wait.timeout !== undefined && wait.timeout !== Infinity
    return await linesOf(this.#terms.store).run(this.#id, () => this.#contend(signal, isPatient), signal)
  }

  async tryAcquire(options: Abortable = {}): Promise<LeasedHold | undefined> {
    checkOptions('the options of tryAcquire', options, ['signal'])
    refuseInTransaction(this.#terms.store)
    const attempt = await this.attempt(options)
    return attempt instanceof LeasedHold ? attempt : undefined
  }

  async run<T>(body: (hold: Hold) => T | Promise<T>, wait?: WaitOptions): Promise<T> {
    checkFunction('body', body)
    return withHold<Hold, T>(await this.acquire(wait), body)
  }

  /** Whether all places are taken. */
  async isFull(): Promise<boolean> {
    refuseInTransaction(this.#terms.store)
    let taken = 0
    await this.#terms.store.update(this.#terms.rowKey, (entry, now) => {
      taken = liveHolds(entry?.value as HoldRow | undefined, now).length
      return { keep: true }
    })
    return taken >= this.#terms.capacity
  }

  async attempt({ signal }: Abortable): Promise<LeasedHold | Refused> {
    signal?.throwIfAborted()
    const claim = new Claim(this.#terms)
    try {
      const answer = await claim.enter({ signal })
      return 'token' in answer ? new LeasedHold(claim, answer) : answer
    } catch (error) {
      // Perhaps only the answer was lost.
      claim.leave().catch(() => {})
      throw error
    }
  }

  /** Resolves when another attempt makes sense: after a lease's time at the latest, lest the clock was set back. */
  waitAfter({ row, lapsesIn }: Refused, signal: AbortSignal): Promise<void> {
    const { store, rowKey, lease } = this.#terms
    return rowChange(store, rowKey, row, { atMost: Math.min(lapsesIn, lease), signal })
  }

  async #acquireNow({ signal }: WaitOptions): Promise<LeasedHold> {
    const attempt = await this.attempt({ signal })
    if (attempt instanceof LeasedHold) return attempt
    throw this.#timeoutError(0)
  }

  /** `isPatient`: whoever said how long to wait also waits for a store that does not answer. */
  async #contend(signal: AbortSignal, isPatient: boolean): Promise<LeasedHold> {
    const start = performance.now()
    for (let isFirst = true; ; isFirst = false) {
      try {
        const attempt = await this.attempt({ signal })
        if (!(attempt instanceof LeasedHold)) await this.waitAfter(attempt, signal)
        else if (isFirst) return attempt
        else return this.#afterWait(attempt, performance.now() - start)
      } catch (error) {
        if (!isPatient || signal.aborted || !hasCode(error, 'ERR_DISKCACHE_TIMEOUT')) throw error
        await pause(STALL_TIME, signal)
      }
    }
  }

  #afterWait(hold: LeasedHold, waited: number): LeasedHold {
    this.#tellWait(waited)
    return hold
  }

  #timeoutError(timeout: number | undefined): DiskCacheError {
    const { key } = this.#terms
    const message = `Cannot acquire the lock ${quote(key)}: others held it for ${timeout} ms`
    return new DiskCacheError('ERR_DISKCACHE_LOCK_TIMEOUT', message, { key })
  }

  #tellWait(waited: number): void {
    if (!lockChannel.hasSubscribers) return
    const { store, key } = this.#terms
    lockChannel.publish({ store: nameOf(store), key, reason: 'wait', waited })
  }
}
