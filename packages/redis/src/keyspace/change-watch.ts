import type { Connection } from '../server/connection.ts'
import type { MessageListener } from '../server/redis-client.ts'

/** How long it is waited, in milliseconds, before everybody looks again although no message has come. */
const POLL_TIME = 1_000

/** How long it is listened, in milliseconds, after the last who waited for a key: most wait again at once. */
const LISTENING_TIME = 5_000

interface Channel {
  readonly waiters: Set<() => void>
  /** Ends the listening. */
  idle: NodeJS.Timeout | undefined
}

/**
 * Tells waiters that a key may have changed: when its channel says so, when this process has changed it, and once a
 * second in any case, since messages are lost while a connection is.
 */
export class ChangeWatch {
  readonly #connection: Connection
  /** Those who write many entries publish only if somebody listens here, which everybody does who listens at all. */
  readonly #common: string
  readonly #channels = new Map<string, Channel>()
  #waiting = 0
  #poll: NodeJS.Timeout | undefined

  constructor(connection: Connection, common: string) {
    this.#connection = connection
    this.#common = common
  }

  /** Resolves when one of the keys may have changed; rejects with the signal's reason. */
  async wait(keys: readonly string[], signal: AbortSignal): Promise<void> {
    signal.throwIfAborted()
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    const abort = () => reject(signal.reason)
    const channels = new Set(keys)
    signal.addEventListener('abort', abort, { once: true })
    for (const name of channels) this.#join(name, resolve)
    this.#startPoll()
    try {
      await promise
    } finally {
      signal.removeEventListener('abort', abort)
      for (const name of channels) this.#leave(name, resolve)
      this.#stopPoll()
    }
  }

  /** Wakes those who wait for a key. */
  wake(name: string): void {
    const waiters = this.#channels.get(name)?.waiters ?? []
    for (const waiter of [...waiters]) waiter()
  }

  /** Wakes everybody, since many keys may have changed. */
  wakeAll(): void {
    for (const name of this.#channels.keys()) this.wake(name)
  }

  /** Listens no more. The connection is closed by others. */
  close(): void {
    this.wakeAll()
    for (const [name, { idle }] of this.#channels) {
      clearTimeout(idle)
      this.#forget(name)
    }
  }

  #join(name: string, waiter: () => void): void {
    const channel = this.#channels.get(name) ?? this.#open(name)
    clearTimeout(channel.idle)
    channel.waiters.add(waiter)
  }

  #leave(name: string, waiter: () => void): void {
    const channel = this.#channels.get(name)
    channel?.waiters.delete(waiter)
    if (channel?.waiters.size === 0)
      channel.idle = setTimeout(() => this.#forget(name), LISTENING_TIME).unref()
  }

  #open(name: string): Channel {
    const channel: Channel = { waiters: new Set(), idle: undefined }
    this.#channels.set(name, channel)
    this.#listen(name).catch(() => {
      // Without messages, those who wait look once a second.
    })
    return channel
  }

  async #listen(name: string): Promise<void> {
    const subscriber = await this.#connection.subscriber()
    if (this.#connection.isOneServer) await subscriber.sSubscribe(this.#common, this.#onMessage)
    await subscriber.sSubscribe(name, this.#onMessage)
    // Something may have changed before messages came in.
    this.wake(name)
  }

  #forget(name: string): void {
    this.#channels.delete(name)
    this.#unsubscribe(name)
    if (this.#channels.size === 0 && this.#connection.isOneServer) this.#unsubscribe(this.#common)
  }

  #unsubscribe(name: string): void {
    this.#connection
      .subscriber()
      .then((subscriber) => subscriber.sUnsubscribe(name, this.#onMessage))
      .catch(() => {})
  }

  readonly #onMessage: MessageListener = (_message, name) => this.wake(name)

  #startPoll(): void {
    this.#waiting++
    this.#poll ??= setInterval(() => this.wakeAll(), POLL_TIME)
  }

  #stopPoll(): void {
    if (--this.#waiting > 0) return
    clearInterval(this.#poll)
    this.#poll = undefined
  }
}
