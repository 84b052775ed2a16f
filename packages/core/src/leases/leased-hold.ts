import type { Patience } from '../breaker/patience.ts'
import { lockChannel } from '../contract/diagnostics.ts'
import { type DiskCacheError, hasCode } from '../contract/errors.ts'
import { STORE_FILES } from '../contract/hooks/store-files.ts'
import { nameOf } from '../stores/recipe-store.ts'
import type { Acquired, Claim } from './claim.ts'
import { type Hold, lockLost } from './hold.ts'
import type { Outcome } from './hold-row.ts'
import type { LeaseEnd } from './lease-end.ts'
import { Once } from './once.ts'

/**
 * A hold whose lease is renewed as long as the hold lasts, whenever a third of it is over. Its timers do not keep the
 * process alive.
 */
export class LeasedHold implements Hold {
  readonly token: number
  readonly #claim: Claim
  readonly #loss = new AbortController()
  /** Made when somebody asks for it: most holds are over before. */
  #signal: AbortSignal | undefined
  /** The reason of the signal. */
  #lossError: DiskCacheError | undefined
  readonly #renewals: NodeJS.Timeout
  readonly #unwatch: (() => void) | undefined
  #end: LeaseEnd
  /** The end of the last lease: nothing is renewed beyond it. */
  readonly #limit: LeaseEnd
  #isLast: boolean
  #expiry: NodeJS.Timeout
  #isRenewing = false
  /** The error of the last renewal, if that failed. */
  #trouble: unknown
  readonly #released = new Once()

  /** Begins to renew the lease of a claim that was granted. */
  constructor(claim: Claim, { token, end, limit }: Acquired) {
    this.token = token
    this.#claim = claim
    this.#end = end
    this.#limit = limit
    this.#isLast = limit.left < claim.spec.lease
    this.#renewals = setInterval(() => this.#renew(), claim.spec.lease / 3).unref()
    this.#expiry = this.#expireLater()
    const { store, rowKey } = claim.spec
    // What the store held may be gone: a renewal tells whether the hold is.
    this.#unwatch = store[STORE_FILES]?.onReplaced(rowKey, () => this.#renew())
  }

  get lost(): AbortSignal {
    this.#notice()
    this.#signal ??= lostSignal(this.#loss, () => this.#notice())
    return this.#signal
  }

  check(): void {
    if (this.#released.hasBegun) throw lockLost(this.#claim.spec.key, 'it was released')
    this.#notice()
    if (this.#lossError !== undefined) throw this.#lossError
  }

  release(): Promise<void> {
    return this.#released.run(() => this.#release())
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.release()
  }

  /**
   * Releases the hold without regard to this process's clocks, leaves `outcome` to those who wait, and resolves to
   * whether the hold was still ours by the engine's clock.
   */
  async releaseWith(outcome?: Outcome, patience?: Patience): Promise<boolean> {
    let isOurs = false
    await this.#released.run(async () => {
      this.#stop()
      isOurs = await this.#claim.release(outcome, patience)
    })
    return isOurs
  }

  async #release(): Promise<void> {
    this.#notice()
    this.#stop()
    const left = this.#claim.release()
    if (this.#lossError !== undefined) await left.catch(() => {})
    else if (!(await left)) this.#lose('somebody else may have it')
    if (this.#lossError !== undefined) throw this.#lossError
  }

  /**
   * Notices the end of the lease. A process that was stopped, or blocked, may ask before any of its timers has run.
   */
  #notice(): void {
    if (this.#lossError !== undefined || this.#released.hasBegun || !this.#end.isPast) return
    const { maxHold } = this.#claim.spec
    if (this.#isLast) this.#lose(`it may be held for ${maxHold} ms at most (maxHold)`)
    else this.#lose('its lease is over', this.#trouble)
  }

  async #renew(): Promise<void> {
    this.#notice()
    if (this.#lossError !== undefined || this.#isRenewing) return
    this.#isRenewing = true
    try {
      const term = Math.min(this.#claim.spec.lease, this.#limit.left)
      const end = await this.#claim.renew(term)
      this.#extend(end, term < this.#claim.spec.lease)
    } catch (error) {
      this.#trouble = error
      if (hasCode(error, 'ERR_DISKCACHE_CLOSED')) this.#lose('its store is closed', error)
    } finally {
      this.#isRenewing = false
    }
  }

  #extend(end: LeaseEnd | undefined, isLast: boolean): void {
    if (this.#released.hasBegun) return
    if (end === undefined) return this.#lose('somebody else may have it')
    this.#notice()
    if (this.#lossError !== undefined) {
      // The renewal came too late for this process, and others should not wait for its end.
      this.#claim.release().catch(() => {})
      return
    }
    this.#end = end
    this.#isLast = isLast
    clearTimeout(this.#expiry)
    this.#expiry = this.#expireLater()
  }

  #expireLater(): NodeJS.Timeout {
    return setTimeout(() => this.#expire(), Math.max(0, this.#end.left)).unref()
  }

  /** A timer may run a part of a millisecond before its time, and then nobody would look before the next renewal. */
  #expire(): void {
    if (this.#end.isPast) this.#notice()
    else this.#expiry = this.#expireLater()
  }

  #lose(why: string, cause?: unknown): void {
    if (this.#lossError !== undefined) return
    this.#stop()
    const { store, key } = this.#claim.spec
    const error = lockLost(key, why, cause)
    this.#lossError = error
    if (lockChannel.hasSubscribers) lockChannel.publish({ store: nameOf(store), key, reason: 'lost', error })
    this.#loss.abort(error)
  }

  #stop(): void {
    clearInterval(this.#renewals)
    clearTimeout(this.#expiry)
    this.#unwatch?.()
  }
}

/**
 * Returns the signal of a controller, which calls `look` whenever it is asked whether it is aborted: `look` may abort it.
 * So who kept the signal learns of what is over by the clock, also while the event loop is blocked and no timer runs.
 */
function lostSignal(controller: AbortController, look: () => void): AbortSignal {
  const { signal } = controller
  const isAborted = () => Reflect.get(AbortSignal.prototype, 'aborted', signal) as boolean
  return Object.defineProperties(signal, {
    aborted: {
      get: () => {
        if (!isAborted()) look()
        return isAborted()
      },
    },
    throwIfAborted: {
      value: () => {
        if (signal.aborted) throw signal.reason
      },
    },
  })
}
