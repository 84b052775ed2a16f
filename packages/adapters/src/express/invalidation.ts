import type { Request, Response } from 'express'
import { announce } from '../http/fields/cache-status.ts'
import { joined } from '../http/fields/header-values.ts'
import { parseTarget, type Target, type TargetRules, urlOf } from '../http/rules/target.ts'
import type { ResponseStore } from '../http/storing/response-store.ts'
import type { StoreBreaker } from '../http/storing/store-breaker.ts'
import { type Decision, ResponseTap, type Watcher } from './response-tap.ts'

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
  readonly #res: Response
  readonly #target: Target
  readonly #rules: TargetRules
  #done: Promise<void> | undefined

  constructor(
    parts: { store: ResponseStore; breaker: StoreBreaker; rules: TargetRules },
    res: Response,
    target: Target,
  ) {
    this.#store = parts.store
    this.#breaker = parts.breaker
    this.#rules = parts.rules
    this.#res = res
    this.#target = target
  }

  /** Watches the answer to the request. */
  start(req: Request): void {
    announce(this.#res, { forwarded: 'method', detail: req.method.toLowerCase() })
    new ResponseTap(this.#res, this, 0)
  }

  head(): Decision {
    if (this.#res.statusCode < 400) this.#done = this.#invalidate()
    return 'pass'
  }

  sent(): void {}

  data(): undefined {}

  end(): Promise<void> | undefined {
    return this.#done
  }

  abort(): void {}

  async #invalidate(): Promise<void> {
    const targets = [this.#target, this.#linked('location'), this.#linked('content-location')]
    await Promise.all(targets.map((target) => target && this.#purge(target)))
  }

  async #purge(target: Target): Promise<void> {
    await this.#breaker.attempt((signal) => this.#store.purgeTarget(target, { signal }))
  }

  /**
   * Returns what a field refers to, if that is on the same host: the responses of others are not this one's to remove.
   */
  #linked(name: string): Target | undefined {
    const reference = joined(this.#res.getHeader(name))
    if (reference === undefined || !URL.canParse(reference, urlOf(this.#target))) return undefined
    const target = parseTarget(new URL(reference, urlOf(this.#target)).href, this.#rules)
    const isSame = target?.host === this.#target.host && target.scheme === this.#target.scheme
    return isSame ? target : undefined
  }
}
