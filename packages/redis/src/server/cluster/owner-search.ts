import type { ClusterClient, CommandSignal } from '../redis-client.ts'
import { hashSlot } from './hash-slot.ts'

/** How often the others are asked at most, in milliseconds. */
const PAUSE = 500

/** How many slots are tried for one of a server that can be asked. */
const TRIES = 100

/**
 * Lets node-redis find out which server has the slots of one that cannot be reached: by itself, it looks after 5 seconds,
 * or never, as its client was made. It does so when another server sends a command away that is about such a slot.
 */
export class OwnerSearch {
  readonly #client: ClusterClient
  #lastTime = -Infinity

  constructor(client: ClusterClient) {
    this.#client = client
  }

  /** Begins to look for the server that has the key, unless it just did. */
  begin(key: string): void {
    const now = performance.now()
    if (now - this.#lastTime < PAUSE) return
    this.#lastTime = now
    const other = this.#keyOfAnother(key)
    if (other === undefined) return
    // Whatever comes of it, the next attempt to use the key tells.
    this.#client.sendCommand(other, false, ['PTTL', key], { abortSignal: new FirstAttempt() }).catch(() => {})
  }

  /** A key that node-redis sends to another server than this one, which is in working order. */
  #keyOfAnother(key: string): string | undefined {
    const { slots } = this.#client
    const lost = slots[hashSlot(key)]?.master
    for (let i = 0; i < TRIES; i++) {
      // Not always the same one: it may have the slot by now, and has nothing to tell then.
      const random = String(Math.random())
      const other = slots[hashSlot(random)]?.master
      if (other !== lost && other?.client?.isReady) return random
    }
    return undefined
  }
}

/** Takes a command back once it was written: node-redis would write it to the same server again. */
class FirstAttempt implements CommandSignal {
  #isWritten = false

  get aborted(): boolean {
    return this.#isWritten
  }

  addEventListener(): void {}

  removeEventListener(): void {
    this.#isWritten = true
  }
}
