import type { Client } from '../exchange/client.ts'
import type { Exchange } from '../exchange/exchange.ts'
import type { Decision, Watcher } from '../exchange/watcher.ts'
import { announce } from '../fields/cache-status.ts'
import { joined } from '../fields/header-values.ts'
import type { ResponseHead } from '../fields/response-head.ts'
import { parseTarget, type Target, type TargetRules, urlOf } from '../rules/target.ts'
import type { ResponseStore } from '../storing/response-store.ts'
import type { StoreBreaker } from '../storing/store-breaker.ts'

/** Methods that change nothing (RFC 9110, 9.2.1, and QUERY); all others may, also those that we do not know. */
const SAFE = new Set(['GET', 'HEAD', 'OPTIONS', 'TRACE', 'QUERY', 'PROPFIND', 'REPORT', 'SEARCH'])

export function isSafe(method: string): boolean {
  return SAFE.has(method)
}

/**
 * Removes the responses that an unsafe request has made out of date (RFC 9111, 4.4): those of its own URL, and of
 * `Location` and `Content-Location` on the same host. The client gets the end of its answer after that, so that its
 * next request is answered with what this one has done.
 */
export class Invalidation implements Watcher {
  readonly wantsRest = false
  readonly wantsBody = false
  readonly #store: ResponseStore
  readonly #breaker: StoreBreaker
  readonly #target: Target
  readonly #rules: TargetRules
  #done: Promise<void> | undefined

  constructor(parts: { store: ResponseStore; breaker: StoreBreaker; rules: TargetRules }, target: Target) {
    this.#store = parts.store
    this.#breaker = parts.breaker
    this.#rules = parts.rules
    this.#target = target
  }

  /** Lets the application answer, and watches it. */
  start(exchange: Exchange): void {
    announce(exchange.client.head, { forwarded: 'method', detail: exchange.request.method.toLowerCase() })
    exchange.ask(this, { without: [], patience: 0 })
  }

  head({ head }: Client): Decision {
    if (head.statusCode < 400) this.#done = this.#invalidate(head)
    return 'pass'
  }

  sent(): void {}

  onUnwanted(): void {}

  data(): undefined {}

  end(): Promise<void> | undefined {
    return this.#done
  }

  abort(): void {}

  async #invalidate(head: ResponseHead): Promise<void> {
    const linked = ['location', 'content-location'].map((name) => this.#linked(head, name))
    const targets = [this.#target, ...linked]
    await Promise.all(targets.map((target) => target && this.#purge(target)))
  }

  async #purge(target: Target): Promise<void> {
    await this.#breaker.attempt((signal) => this.#store.purgeTarget(target, { signal }))
  }

  /**
   * Returns what a field refers to, if that is on the same host: the responses of others are not this one's to remove.
   */
  #linked(head: ResponseHead, name: string): Target | undefined {
    const reference = joined(head.getHeader(name))
    if (reference === undefined || !URL.canParse(reference, urlOf(this.#target))) return undefined
    const target = parseTarget(new URL(reference, urlOf(this.#target)).href, this.#rules)
    const isSame = target?.host === this.#target.host && target.scheme === this.#target.scheme
    return isSame ? target : undefined
  }
}
