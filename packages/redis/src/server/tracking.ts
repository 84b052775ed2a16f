import { DiskCacheError } from '@diskcache/core'
import * as redis from 'redis'

/** Who wants to know of changes. */
export interface ChangeListener {
  /** The entry with this name may have changed. */
  forget(name: string): void
  /** All entries may have changed, and nothing may have been told of it. */
  lose(): void
  /** All entries are gone. */
  clear(): void
}

/** Options of clients that are told of changes. */
export interface TrackingOptions {
  /** The version of the protocol in which messages come over the connection of the replies, in one order with them. */
  readonly RESP: 3
  /** What node-redis hands messages about changes to. */
  readonly clientSideCache: redis.BasicPooledClientSideCache
  /** The caller's own listener would ask for other messages. */
  readonly emitInvalidate: false
  /** Moves to another connection without a break would leave changes untold. */
  readonly maintNotifications: 'disabled'
}

/**
 * Has Redis tell of changes: of all whose names begin with a prefix, but for those that come over the same connection.
 * Before a connection is used, and when it is lost, any entry may have changed.
 */
export class Tracking {
  readonly options: TrackingOptions
  #listener: ChangeListener | undefined

  /** @throws DiskCacheError where node-redis is too old */
  constructor(prefix: string) {
    this.options = {
      RESP: 3,
      clientSideCache: makeCache(prefix, {
        forget: (name) => this.forget(name),
        lose: () => this.lose(),
        clear: () => this.clear(),
      }),
      emitInvalidate: false,
      maintNotifications: 'disabled',
    }
  }

  /** Who is told from now on. */
  set listener(listener: ChangeListener) {
    this.#listener = listener
  }

  forget(name: string): void {
    this.#listener?.forget(name)
  }

  lose(): void {
    this.#listener?.lose()
  }

  clear(): void {
    this.#listener?.clear()
  }
}

/** What node-redis takes for a cache of its own, of which only what concerns changes is used. */
function makeCache(prefix: string, listener: ChangeListener): redis.BasicPooledClientSideCache {
  if (redis.BasicPooledClientSideCache === undefined)
    throw new DiskCacheError(
      'ERR_DISKCACHE_ENGINE',
      'Cannot use memory: this version of node-redis has no client-side caching; install redis 5.1 or newer',
    )
  return new (class extends redis.BasicPooledClientSideCache {
    override trackingOn(): string[] {
      listener.lose()
      return ['CLIENT', 'TRACKING', 'ON', 'BCAST', 'PREFIX', prefix, 'NOLOOP']
    }

    override invalidate(name: string | Buffer | null): void {
      if (name === null) listener.clear()
      else listener.forget(String(name))
    }

    override clear(): void {
      listener.lose()
    }

    override onError(): void {
      listener.lose()
    }

    override onClose(): void {
      listener.lose()
    }
  })()
}
