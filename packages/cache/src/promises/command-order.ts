import { memoryId } from '../context/memory-id.ts'
import type { OrderKey } from '../context/order-key.ts'
import { FILE_WEIGHT } from '../entries/prepared-value.ts'
import { AbortListeners } from './abort-listeners.ts'
import type { OrderId, PendingBarrier, PendingCommand } from './pending-command.ts'

/** What one batch holds at most: commands, of which one with a file counts for ten. */
const MAX_BATCH_WEIGHT = 1_000

/**
 * The order of what is pending. A command waits for earlier ones with one of its order keys; a barrier waits for everything
 * before it, and everything after it waits for the barrier.
 */
export class CommandOrder {
  #pending = new Set<PendingCommand | PendingBarrier>()
  /** How many commands are pending with an order key. */
  #counts = new Map<OrderId, number>()
  readonly #abort: (pending: PendingCommand | PendingBarrier) => void
  readonly #signals: AbortListeners<PendingCommand | PendingBarrier>
  #barriers = 0

  /** Calls `abort` for what is pending when its signal is aborted, and again before that would run. */
  constructor(abort: (pending: PendingCommand | PendingBarrier) => void) {
    this.#abort = abort
    this.#signals = new AbortListeners(abort)
  }

  get isEmpty(): boolean {
    return this.#pending.size === 0
  }

  /** Returns whether something is pending that a command with this order key has to wait for. */
  isPending(orderKey: OrderKey): boolean {
    if (this.#pending.size === 0) return false
    return this.#barriers > 0 || this.#counts.has(memoryId(orderKey))
  }

  /** Returns whether something is pending that may change what has this order key, in O(n). */
  mayChange(orderKey: OrderKey): boolean {
    if (!this.isPending(orderKey)) return false
    const id = memoryId(orderKey)
    return this.all().some(
      (pending) =>
        pending.orderIds === undefined || (!pending.command.isRead && pending.orderIds.includes(id)),
    )
  }

  has(pending: PendingCommand | PendingBarrier): boolean {
    return this.#pending.has(pending)
  }

  /** Returns everything that is pending, the oldest first. */
  all(): (PendingCommand | PendingBarrier)[] {
    return [...this.#pending]
  }

  add(pending: PendingCommand | PendingBarrier): void {
    this.#pending.add(pending)
    if (pending.orderIds === undefined) this.#barriers++
    else for (const id of pending.orderIds) this.#counts.set(id, (this.#counts.get(id) ?? 0) + 1)
    if (pending.signal !== undefined) this.#signals.add(pending.signal, pending)
  }

  /** Adds what was asked for before everything that is pending. O(n) */
  addFirst(pending: PendingCommand): void {
    const later = this.all()
    this.#pending.clear()
    this.add(pending)
    for (const other of later) this.#pending.add(other)
  }

  /** Removes what has ended, and returns whether it was pending. */
  remove(pending: PendingCommand | PendingBarrier): boolean {
    if (!this.#pending.delete(pending)) return false
    if (pending.orderIds === undefined) this.#barriers--
    else for (const id of pending.orderIds) this.#release(id)
    if (pending.signal !== undefined) this.#signals.remove(pending.signal, pending)
    if (this.isEmpty) this.#renew()
    return true
  }

  /** Removes commands that have ended, at once where nothing else is pending, and returns for each whether it was. */
  removeAll(commands: readonly PendingCommand[]): readonly boolean[] {
    const werePending = commands.map((pending) => this.#pending.has(pending))
    const areAll = commands.length === this.#pending.size && !werePending.includes(false)
    if (areAll && commands.every(({ signal }) => signal === undefined)) this.#renew()
    else for (const pending of commands) this.remove(pending)
    return werePending
  }

  /** Returns the barrier at the head, or the commands that can run now as one batch; `undefined` when nothing can. */
  next(): PendingBarrier | PendingCommand[] | undefined {
    const batch: PendingCommand[] = []
    const blocked = new Set<OrderId>()
    let weight = 0
    for (const pending of this.#pending) {
      if (pending.signal?.aborted) {
        this.#abort(pending)
        continue
      }
      if (pending.orderIds === undefined) return headOf(batch) ?? (blocked.size > 0 ? undefined : pending)
      if (pending.isAlone && batch.length > 0) break
      const isBlocked = blocked.size > 0 && pending.orderIds.some((id) => blocked.has(id))
      const mustWait = pending.prepared === undefined || isBlocked
      if (mustWait) for (const id of pending.orderIds) blocked.add(id)
      else {
        batch.push(pending)
        weight += weightOf(pending)
      }
      if (pending.isAlone || weight >= MAX_BATCH_WEIGHT) break
    }
    return headOf(batch)
  }

  /**
   * Begins with new tables. V8 links each table of a set to the one that took its place when it grew or shrank, so that
   * one which is old keeps alive, until the next long collection, all that ever was in later ones.
   */
  #renew(): void {
    this.#pending = new Set()
    this.#counts = new Map()
  }

  #release(id: OrderId): void {
    const count = this.#counts.get(id) ?? 0
    if (count > 1) this.#counts.set(id, count - 1)
    else this.#counts.delete(id)
  }
}

function headOf(batch: PendingCommand[]): PendingCommand[] | undefined {
  return batch.length > 0 ? batch : undefined
}

function weightOf({ prepared = [] }: PendingCommand): number {
  let weight = 1
  for (const value of prepared) if (value?.filename != null) weight += FILE_WEIGHT
  return weight
}
