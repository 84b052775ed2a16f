import type { OrderKey } from '../context/order-key.ts'
import { FILE_WEIGHT } from '../entries/prepared-value.ts'
import { AbortListeners } from './abort-listeners.ts'
import type { PendingBarrier, PendingCommand } from './pending-command.ts'

/** What one batch holds at most: commands, of which one with a file counts for ten. */
const MAX_BATCH_WEIGHT = 1_000

/**
 * The order of what is pending. A command waits for earlier ones with one of its order keys; a barrier waits for everything
 * before it, and everything after it waits for the barrier.
 */
export class CommandOrder {
  readonly #pending = new Set<PendingCommand | PendingBarrier>()
  /** How many commands are pending with an order key. */
  readonly #counts = new Map<string, number>()
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
    return this.#barriers > 0 || this.#counts.has(orderId(orderKey))
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
    return true
  }

  /** Returns the barrier at the head, or the commands that can run now as one batch; `undefined` when nothing can. */
  next(): PendingBarrier | PendingCommand[] | undefined {
    const batch: PendingCommand[] = []
    const blocked = new Set<string>()
    let weight = 0
    for (const pending of this.#pending) {
      if (pending.signal?.aborted) {
        this.#abort(pending)
        continue
      }
      if (pending.orderIds === undefined) return headOf(batch) ?? (blocked.size > 0 ? undefined : pending)
      if (pending.isAlone && batch.length > 0) break
      const mustWait = pending.prepared === undefined || pending.orderIds.some((id) => blocked.has(id))
      if (mustWait) for (const id of pending.orderIds) blocked.add(id)
      else {
        batch.push(pending)
        weight += weightOf(pending)
      }
      if (pending.isAlone || weight >= MAX_BATCH_WEIGHT) break
    }
    return headOf(batch)
  }

  #release(id: string): void {
    const count = this.#counts.get(id) ?? 0
    if (count > 1) this.#counts.set(id, count - 1)
    else this.#counts.delete(id)
  }
}

/** Returns a text that is different for different order keys. */
export function orderId({ key, form }: OrderKey): string {
  if (typeof key === 'string') return `${form}s${key}`
  return Buffer.isBuffer(key) ? `${form}b${key.toString('latin1')}` : `${form}${typeof key}${key}`
}

function headOf(batch: PendingCommand[]): PendingCommand[] | undefined {
  return batch.length > 0 ? batch : undefined
}

function weightOf({ prepared = [] }: PendingCommand): number {
  return prepared.reduce((sum, value) => sum + (value?.filename == null ? 0 : FILE_WEIGHT), 1)
}
