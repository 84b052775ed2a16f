import { perStore } from '../stores/per-store.ts'

/** The callers of this process that wait, in one queue for each row: first come, first served. */
export class WaitQueues {
  /** The callers that wait behind the one that is being served. */
  readonly #queues = new Map<string, Set<() => void>>()

  /**
   * Runs `task` when all callers before this one are done, and resolves to its result; rejects with the signal's
   * reason when that is aborted in the queue.
   */
  async run<T>(id: string, task: () => Promise<T>, signal: AbortSignal | undefined): Promise<T> {
    signal?.throwIfAborted()
    await this.#enter(id, signal)
    try {
      return await task()
    } finally {
      this.#next(id)
    }
  }

  #enter(id: string, signal: AbortSignal | undefined): Promise<void> | undefined {
    const line = this.#queues.get(id)
    if (line === undefined) {
      this.#queues.set(id, new Set())
      return undefined
    }
    return new Promise((resolve, reject) => {
      const leave = () => {
        line.delete(begin)
        reject(signal?.reason)
      }
      const begin = () => {
        signal?.removeEventListener('abort', leave)
        resolve()
      }
      line.add(begin)
      signal?.addEventListener('abort', leave, { once: true })
    })
  }

  #next(id: string): void {
    const line = this.#queues.get(id)
    const [begin] = line ?? []
    if (begin === undefined) this.#queues.delete(id)
    else {
      line?.delete(begin)
      begin()
    }
  }
}

/** Returns the wait queues of a store, through whichever object a caller came. */
export const waitQueuesOf = perStore(() => new WaitQueues())
