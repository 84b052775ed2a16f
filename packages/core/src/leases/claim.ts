import { randomUUID } from 'node:crypto'
import type { Terms } from '../breaker/attempt.ts'
import type { Patience } from '../breaker/patience.ts'
import { breakerOf } from '../breaker/store-breaker.ts'
import type { Abortable } from '../contract/async-store.ts'
import type { Change, Entry, Key, Tags } from '../contract/entry.ts'
import { EXPECT_ABSENT } from '../contract/hooks/expect-absent.ts'
import { STORE_FILES } from '../contract/hooks/store-files.ts'
import type { RecipeStore } from '../stores/recipe-store.ts'
import {
  type Admission,
  type HoldRow,
  isHolder,
  type LastOutcome,
  type Outcome,
  type SeenRow,
  timeToEnd,
  withClaimant,
  withoutOwner,
  withRenewedHolder,
} from './hold-row.ts'
import { LeaseEnd } from './lease-end.ts'
import { checkHoldRow } from './row-check.ts'
import type { LinePolicy } from './wait-line.ts'

/**
 * The afterlife of a row, in milliseconds: so long it stays after its last lease, so that tokens increase also when
 * the clock is set back.
 */
const ROW_AFTERLIFE_MS = 86_400_000

/** The time for which the last outcome of an election is kept, in milliseconds. */
const LAST_OUTCOME_MS = 1_000

/** What all claims on one row have in common: its store, its keys, and the length of its leases. */
export interface LeaseSpec {
  readonly store: RecipeStore
  /** The key that the caller gave, for messages. */
  readonly key: Key
  /** The key of the row in the store. */
  readonly rowKey: Key
  /** The number of owners that may hold at a time. */
  readonly capacity: number
  /** The length of a lease, in milliseconds. */
  readonly lease: number
  /** The longest time for which leases are renewed, in milliseconds; for ever when left out. */
  readonly maxHold?: number
  /** A label of the row, for `evict`. */
  readonly tag?: Tags | undefined
  /**
   * Whether the row is removed with its only holder, because nobody needs its tokens afterwards; `false` unless
   * given.
   */
  readonly isTransient?: boolean
}

/** A claim that was granted: its fencing token, the end of its lease, and that of the last one it may have. */
export interface Acquired {
  readonly token: number
  readonly end: LeaseEnd
  readonly limit: LeaseEnd
}

/** A claim that was refused: the row, and when that was, also by this process's monotonic clock. */
export interface Refused extends SeenRow {
  readonly at: number
}

type RowChange = Change<HoldRow>

/** How a claim is made: for as long as the store is not away, unless its caller has less patience. */
export interface ClaimOptions extends Abortable {
  readonly patience?: Patience | undefined
}

/** How a change of the row is sent. */
type Send = <T>(operation: (signal: AbortSignal | undefined) => Promise<T>) => Promise<T>

/** Sends a renewal, whatever is known of the store: only its answer tells whether the lease goes on. */
const unasked: Send = (operation) => operation(undefined)

/**
 * A claim of one owner on a row. The owner's name is random and known to nobody else, so nobody else can renew or
 * release for it.
 */
export class Claim {
  readonly spec: LeaseSpec
  readonly owner = randomUUID()
  /** Whether the row may know of it: where nothing was sent, nothing is to be released. */
  #isSent = false

  constructor(spec: LeaseSpec) {
    this.spec = spec
  }

  /**
   * Makes the owner a holder where a place is free for it, or lets it wait in the line, and resolves to the grant or the
   * refusal.
   */
  async acquire(line: LinePolicy, options: ClaimOptions): Promise<Acquired | Refused> {
    const { lease, maxHold = Infinity } = this.spec
    const term = Math.min(lease, maxHold)
    const [end, limit] = [LeaseEnd.of(term, this.spec.store.capabilities.clockLag), new LeaseEnd(maxHold)]
    let refusal = { now: 0, at: 0 }
    if (this.spec.isTransient) this.spec.store[EXPECT_ABSENT]?.(this.spec.rowKey)
    const row = await this.#update(this.#through(options), (row, now) => {
      refusal = { now, at: performance.now() }
      const claimed = withClaimant(row, this.admission(line, term), now)
      return claimed && this.#write(claimed, now)
    })
    return isHolder(row, this.owner) ? { token: row.token, end, limit } : { row, ...refusal }
  }

  /** Renews the lease for `term` milliseconds and resolves to its new end, or to `undefined` when it was lost. */
  async renew(term: number): Promise<LeaseEnd | undefined> {
    const end = LeaseEnd.of(term, this.spec.store.capabilities.clockLag)
    let isOurs = false
    await this.#update(unasked, (row, now) => {
      const renewed = withRenewedHolder(row, this.admission('pass', term), now)
      isOurs = renewed !== undefined
      return renewed && this.#write(renewed, now)
    })
    return isOurs ? end : undefined
  }

  /**
   * Removes the owner from the holders and from the line, leaves `outcome` to those who wait, and resolves to whether
   * the owner was still a holder.
   */
  async release(outcome?: Outcome, patience?: Patience): Promise<boolean> {
    if (!this.#isSent) return false
    let isOurs = false
    await this.#update(this.#through({ patience, isDue: true }), (row, now) => {
      isOurs = isHolder(row, this.owner)
      const left = withoutOwner(row, this.admission('pass'), now)
      return left && this.#writeLast(left, now, outcome && { owner: this.owner, ...outcome })
    })
    return isOurs
  }

  /** Returns what the owner asks for. */
  admission(line: LinePolicy, lease = this.spec.lease): Admission {
    return { owner: this.owner, lease, capacity: this.spec.capacity, line }
  }

  /**
   * Changes the row and resolves to the row afterwards. An engine may run `change` more than once; the last run
   * counts.
   */
  async #update(
    send: Send,
    change: (row: HoldRow | undefined, now: number) => RowChange | undefined,
  ): Promise<HoldRow | undefined> {
    const { store, rowKey } = this.spec
    store[STORE_FILES]?.look(rowKey)
    const look = (entry: Entry<unknown> | undefined, now: number) =>
      change(entry && checkHoldRow(rowKey, entry.value), now) ?? { keep: true }
    const entry = await send((signal) => {
      this.#isSent = true
      return store.update(rowKey, look, { signal })
    })
    return entry?.value as HoldRow | undefined
  }

  #through({ patience, signal, isDue = false }: Omit<Terms, 'access'>): Send {
    const terms = { access: 'write', patience, signal, isDue } as const
    return (operation) => breakerOf(this.spec.store).run(terms, operation)
  }

  #write(row: HoldRow, now: number): RowChange {
    // A row that nobody holds is worth less than data: the clock alone keeps tokens increasing, unless it is set back.
    const pin = row.holds.length > 0 || 'share'
    return { set: row, ttl: timeToEnd(row, now) + ROW_AFTERLIFE_MS, pin, tag: this.spec.tag }
  }

  #writeLast(row: HoldRow, now: number, lastOutcome: LastOutcome | undefined): RowChange {
    if (!this.spec.isTransient) return this.#write(row, now)
    return lastOutcome === undefined
      ? { delete: true }
      : { set: { ...row, lastOutcome }, ttl: LAST_OUTCOME_MS, pin: 'share' }
  }
}
