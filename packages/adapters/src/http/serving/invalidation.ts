import type { Client } from '../exchange/client.ts'
import type { Exchange } from '../exchange/exchange.ts'
import type { Decision, Watcher } from '../exchange/watcher.ts'
import { announce } from '../fields/cache-status.ts'
import type { Target } from '../rules/target/target.ts'
import type { ResponseStore } from '../storing/response-store.ts'
import type { StoreAccess } from '../storing/store-access.ts'

/** Methods that change nothing (RFC 9110, 9.2.1, and QUERY); all others may, also those that we do not know. */
const SAFE = new Set(['GET', 'HEAD', 'OPTIONS', 'TRACE', 'QUERY', 'PROPFIND', 'REPORT', 'SEARCH'])

export function isSafe(method: string): boolean {
  return SAFE.has(method)
}

export interface InvalidationParts {
  readonly store: ResponseStore
  readonly access: StoreAccess
  /** Whether the responses of all queries of the path go, too. */
  readonly queries: boolean
}

/**
 * Removes the responses that an unsafe request has made out of date (RFC 9111, 4.4): those of its own URL. What `Location`
 * and `Content-Location` name stays, since who chooses these would choose what everybody has to wait for. The client gets
 * the end of its answer after that, so that its next request is answered with what this one has done.
 */
export class Invalidation implements Watcher {
  readonly wantsRest = false
  readonly wantsBody = false
  readonly #parts: InvalidationParts
  readonly #target: Target
  #done: Promise<void> | undefined

  constructor(parts: InvalidationParts, target: Target) {
    this.#parts = parts
    this.#target = target
  }

  /** Lets the application answer, and watches it. */
  start(exchange: Exchange): void {
    announce(exchange.client.head, { forwarded: 'method', detail: exchange.request.method.toLowerCase() })
    exchange.ask(this, { without: [], patience: 0 })
  }

  head({ head }: Client): Decision {
    if (head.statusCode < 400) this.#done = this.#invalidate()
    return 'pass'
  }

  sent(): void {}

  onUnwanted(): void {}

  data(): undefined {}

  trailers(): void {}

  heldUp(): void {}

  end(): Promise<void> | undefined {
    return this.#done
  }

  abort(): void {}

  /** What the application has done is not known. */
  fail(error: unknown): void {
    this.#parts.access.tell(error)
    this.#done ??= this.#invalidate()
  }

  async #invalidate(): Promise<void> {
    const { store, access, queries } = this.#parts
    await access.see(() =>
      queries ? store.purgePath(this.#target, {}) : store.purgeTarget(this.#target, {}),
    )
  }
}
