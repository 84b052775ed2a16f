import { guarded } from '../breaker/guarded-store.ts'
import { Patience } from '../breaker/patience.ts'
import { checkFunction, checkOptions, quote } from '../checks/argument-check.ts'
import type { Abortable } from '../contract/async-store.ts'
import { lockChannel } from '../contract/diagnostics.ts'
import { DiskCacheError } from '../contract/errors.ts'
import { nameOf, refuseInTransaction } from '../stores/recipe-store.ts'
import { identityOf } from '../stores/row-key.ts'
import { insist } from '../waiting/insist.ts'
import { TimeLimit } from '../waiting/time-limit.ts'
import { checkWaitOptions, type WaitOptions } from '../waiting/wait-options.ts'
import { Claim, type ClaimOptions, type LeaseSpec, type Refused } from './claim.ts'
import { type Hold, withHold } from './hold.ts'
import { type HoldRow, isWaiter, liveHolds, timeToChance, timeToOthers } from './hold-row.ts'
import { LeasedHold } from './leased-hold.ts'
import { checkHoldRow } from './row-check.ts'
import { rowWait } from './row-wait.ts'
import type { LinePolicy } from './wait-line.ts'
import { waitQueuesOf } from './wait-queues.ts'

type Signal = AbortSignal | undefined

/**
 * Leases on one row, which at most `capacity` owners hold at a time: what a lock, a semaphore and an election are
 * made of.
 */
export class Leases {
  readonly #spec: LeaseSpec
  readonly #id: string

  /** Prepares leases on the row that `spec` describes. It touches nothing yet. */
  constructor(spec: LeaseSpec) {
    this.#spec = spec
    this.#id = identityOf(spec.rowKey)
  }

  /**
   * Resolves to a hold as soon as a place is free for this caller. Callers of one process wait in line, and the first
   * of them watches the row for all.
   *
   * @throws TypeError, RangeError for an unknown or illegal option
   * @throws DiskCacheError ERR_DISKCACHE_LOCK_TIMEOUT when `timeout`, in milliseconds, is over;
   * ERR_DISKCACHE_UNAVAILABLE, without `timeout` or with 0, when the store is away; ERR_DISKCACHE_REENTRANT inside
   * `transact`
   */
  async acquire(wait: WaitOptions = {}): Promise<LeasedHold> {
    checkWaitOptions(wait)
    refuseInTransaction(this.#spec.store)
    wait.signal?.throwIfAborted()
    const { timeout = Infinity, signal } = wait
    if (timeout === 0) return this.#acquireNow(wait)
    if (timeout === Infinity) return this.#acquireInLine(signal, false)
    using limit = new TimeLimit(wait, () => this.#timeoutError(timeout))
    return await this.#acquireInLine(limit.signal, true)
  }

  /** `isPatient`: whoever said how long to wait also waits for a store that does not answer. */
  #acquireInLine(signal: Signal, isPatient: boolean): Promise<LeasedHold> {
    return waitQueuesOf(this.#spec.store).run(this.#id, () => this.#contend(signal, isPatient), signal)
  }

  /**
   * Resolves to a hold, or to `undefined` when all places are taken now.
   *
   * @throws TypeError for an unknown option
   * @throws DiskCacheError ERR_DISKCACHE_TIMEOUT when the store takes longer than 250 ms, ERR_DISKCACHE_UNAVAILABLE when
   * it is known to be away or busy, ERR_DISKCACHE_REENTRANT inside `transact`
   */
  async tryAcquire(options: Abortable = {}): Promise<LeasedHold | undefined> {
    checkOptions('the options of tryAcquire', options, ['signal'])
    refuseInTransaction(this.#spec.store)
    const attempt = await this.attempt({ ...options, patience: new Patience() })
    return attempt instanceof LeasedHold ? attempt : undefined
  }

  /**
   * Acquires a hold, runs `body` with it, releases it, and resolves to what `body` returns; waits and throws as
   * {@link acquire} does.
   */
  async run<T>(body: (hold: Hold) => T | Promise<T>, wait?: WaitOptions): Promise<T> {
    checkFunction('body', body)
    return withHold<Hold, T>(await this.acquire(wait), body)
  }

  /** Resolves to whether all places are taken, by whichever process. */
  async isFull(): Promise<boolean> {
    refuseInTransaction(this.#spec.store)
    const { store, rowKey } = this.#spec
    let taken = 0
    await guarded(store).update(rowKey, (entry, now) => {
      taken = liveHolds(entry && checkHoldRow(rowKey, entry.value), now).length
      return { keep: true }
    })
    return taken >= this.#spec.capacity
  }

  /** Makes one claim, past those who wait, and resolves to a hold, or to the refusal. */
  async attempt(options: ClaimOptions): Promise<LeasedHold | Refused> {
    options.signal?.throwIfAborted()
    return this.#withClaim((claim) => this.#attempt(claim, 'pass', options))
  }

  /** Resolves when others hold than did when the claim was refused, or nobody does. */
  waitAfter(refused: Refused, signal: Signal): Promise<void> {
    return this.#wait((row, now) => timeToOthers(row, refused, now), refused, signal)
  }

  /** Lets go of a claim that failed: it may have been granted, or stand in the line, with nobody behind it. */
  async #withClaim<T>(task: (claim: Claim) => Promise<T>): Promise<T> {
    const claim = new Claim(this.#spec)
    try {
      return await task(claim)
    } catch (error) {
      claim.release().catch(() => {})
      throw error
    }
  }

  async #attempt(claim: Claim, line: LinePolicy, options: ClaimOptions): Promise<LeasedHold | Refused> {
    const answer = await claim.acquire(line, options)
    return 'token' in answer ? new LeasedHold(claim, answer) : answer
  }

  async #acquireNow({ signal }: WaitOptions): Promise<LeasedHold> {
    const attempt = await this.attempt({ signal, patience: new Patience() })
    if (attempt instanceof LeasedHold) return attempt
    throw this.#timeoutError(0)
  }

  async #contend(signal: Signal, isPatient: boolean): Promise<LeasedHold> {
    const task = () => this.#withClaim((claim) => this.#standInLine(claim, signal))
    return isPatient ? insist(task, signal) : task()
  }

  /**
   * The first attempt writes nothing where nobody else waits: most locks are contended by callers of one process, who
   * have a line of their own.
   */
  async #standInLine(claim: Claim, signal: Signal): Promise<LeasedHold> {
    const start = performance.now()
    const first = await this.#attempt(claim, 'follow', { signal })
    if (first instanceof LeasedHold) return first
    for (let last = first; ; ) {
      await this.#waitInLine(claim, last, signal)
      const attempt = await this.#attempt(claim, 'join', { signal })
      if (attempt instanceof LeasedHold) return this.#afterWait(attempt, performance.now() - start)
      last = attempt
    }
  }

  #waitInLine(claim: Claim, refused: Refused, signal: Signal): Promise<void> {
    if (!isWaiter(refused.row, claim.owner)) return this.waitAfter(refused, signal)
    return this.#wait((row, now) => timeToChance(row, claim.admission('join'), now), refused, signal)
  }

  /**
   * Waits until the row leaves no time to wait, or for a lease's time at the most, lest the clock was set back. The time
   * of the engine is reckoned from that of a refusal.
   */
  #wait(
    timeLeft: (row: HoldRow | undefined, now: number) => number,
    { now, at }: Refused,
    signal: Signal,
  ): Promise<void> {
    const { store, rowKey, lease } = this.#spec
    const look = (value: unknown) => {
      const elapsed = performance.now() - at
      const row = value === undefined ? undefined : checkHoldRow(rowKey, value)
      return Math.min(timeLeft(row, now + elapsed), lease - elapsed)
    }
    return rowWait(store, rowKey, look, signal)
  }

  #afterWait(hold: LeasedHold, waited: number): LeasedHold {
    this.#tellWait(waited)
    return hold
  }

  #timeoutError(timeout: number | undefined): DiskCacheError {
    const { key } = this.#spec
    const message = `Cannot acquire the lock ${quote(key)}: others held it for ${timeout} ms`
    return new DiskCacheError('ERR_DISKCACHE_LOCK_TIMEOUT', message, { key })
  }

  #tellWait(waited: number): void {
    if (!lockChannel.hasSubscribers) return
    const { store, key } = this.#spec
    lockChannel.publish({ store: nameOf(store), key, reason: 'wait', waited })
  }
}
