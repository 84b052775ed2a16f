import { randomUUID } from 'node:crypto'
import { type AsyncStore, abortable, type Change, type Key, realTimers } from '@diskcache/core'
import { rowKey } from '../storing/rows.ts'
import { FAILED, type StoreAccess } from '../storing/store-access.ts'

/**
 * What those who waited for an answer should do when that is not to look for it in the store: ask the application each
 * by themselves (`'alone'`), or take it that the application failed (`'failed'`).
 */
export type Verdict = 'alone' | 'failed'

interface LeaseRow {
  readonly owner: string
  readonly verdict?: Verdict
  /** When the verdict was given, in epoch milliseconds. */
  readonly at?: number
}

/**
 * The time in milliseconds for which a verdict holds: for those who wait, and to keep what cannot be stored from
 * queueing. A failure counts for those who waited for it alone: it may have been one client's fault.
 */
const VERDICT_MS = 2_000

/** The shortest time in milliseconds between two looks of a waiter, however much else changes in the store. */
const MIN_PAUSE_MS = 5

/**
 * The longest time in milliseconds between two looks of a waiter: the end of a lease is no change that the store could
 * tell.
 */
const MAX_PAUSE_MS = 200

/**
 * The right of one request, in all processes, to ask the application for one answer. The lease is over when its process
 * dies.
 */
export class Lease {
  readonly #leases: Leases
  readonly #id: string
  readonly #owner: string
  readonly #renewals: NodeJS.Timeout

  constructor(leases: Leases, id: string, owner: string) {
    this.#leases = leases
    this.#id = id
    this.#owner = owner
    this.#renewals = setInterval(() => leases.renew(id, owner), leases.time / 3).unref()
  }

  /** Gives the lease back; with a verdict, when nothing was stored that others could use. */
  release(verdict?: Verdict): Promise<void> {
    clearInterval(this.#renewals)
    return this.#leases.release(this.#id, this.#owner, verdict)
  }
}

/** The leases of all processes with one store. */
export class Leases {
  /** The time in milliseconds after which a lease is over unless it is renewed. */
  readonly time: number
  readonly #store: AsyncStore
  readonly #name: string
  readonly #access: StoreAccess

  constructor(
    store: AsyncStore,
    { name, time, access }: { name: string; time: number; access: StoreAccess },
  ) {
    this.#store = store
    this.#name = name
    this.time = time
    this.#access = access
  }

  /**
   * Returns a lease, the verdict of whoever had it last, or `'taken'`. When the store fails, the verdict is that
   * everybody asks alone. `since`: when the caller began to wait, in epoch milliseconds.
   */
  async acquire(id: string, since: number): Promise<Lease | Verdict | 'taken'> {
    const owner = randomUUID()
    const entry = await this.#access.write((signal) =>
      this.#store.update(
        this.#key(id),
        (entry) => (counts(asLease(entry?.value), since) ? { keep: true } : this.#hold(owner)),
        { signal },
      ),
    )
    if (entry === FAILED) return 'alone'
    const row = asLease(entry?.value)
    if (row?.owner === owner) return new Lease(this, id, owner)
    return row?.verdict ?? 'taken'
  }

  /** Resolves when nobody has the lease any more; rejects with the signal's reason. */
  async free(id: string, signal: AbortSignal): Promise<void> {
    while (await this.#isTaken(id, signal)) await realTimers.delay(MIN_PAUSE_MS, undefined, { signal })
  }

  async renew(id: string, owner: string): Promise<void> {
    await this.#change(id, owner, () => this.#hold(owner))
  }

  async release(id: string, owner: string, verdict: Verdict | undefined): Promise<void> {
    await this.#change(id, owner, () =>
      verdict === undefined
        ? { delete: true }
        : { set: { owner, verdict, at: Date.now() }, ttl: VERDICT_MS, pin: false },
    )
  }

  #hold(owner: string): Change<LeaseRow> {
    return { set: { owner }, ttl: this.time, pin: true }
  }

  /** Changes the row of its owner; what others hold by now is left alone. */
  async #change(id: string, owner: string, change: () => Change<LeaseRow>): Promise<void> {
    await this.#access.see(() =>
      this.#store.update(this.#key(id), (entry) =>
        asLease(entry?.value)?.owner === owner ? change() : { keep: true },
      ),
    )
  }

  /** Returns whether somebody has the lease, after waiting until that may have changed. */
  async #isTaken(id: string, signal: AbortSignal): Promise<boolean> {
    const pause = AbortSignal.any([signal, AbortSignal.timeout(MAX_PAUSE_MS)])
    // Begun before the look, or a change between the two would be missed.
    const change = this.#nextChange(id, pause).catch(() => {})
    const row = asLease(
      await this.#access.wait(signal, () => abortable(this.#store.get(this.#key(id), { signal }), signal)),
    )
    if (row === undefined || row.verdict !== undefined) return false
    await change
    signal.throwIfAborted()
    return true
  }

  async #nextChange(id: string, signal: AbortSignal): Promise<void> {
    const { waitFor } = this.#store
    if (waitFor === undefined)
      return realTimers.delay(MAX_PAUSE_MS * Math.random() * 0.2, undefined, { signal })
    await waitFor.call(this.#store, [this.#key(id)], { signal })
  }

  #key(id: string): Key {
    return rowKey(this.#name, 'lease', id)
  }
}

/** Returns the lease that was read, if it is one: whatever else may stand there keeps nobody waiting. */
function asLease(value: unknown): LeaseRow | undefined {
  const row = value as Partial<LeaseRow> | null | undefined
  return typeof row?.owner === 'string' ? (row as LeaseRow) : undefined
}

/** Returns whether a row is something to go by for who has waited since then. */
function counts(row: LeaseRow | undefined, since: number): boolean {
  return row !== undefined && (row.verdict !== 'failed' || (row.at ?? 0) > since)
}
