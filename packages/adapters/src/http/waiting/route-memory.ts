import { LRUCache } from 'lru-cache'
import type { Target } from '../rules/target.ts'

/** How many routes are remembered; more are made up. */
const MAX_ROUTES = 10_000

/** Longer ones are not remembered, in characters. */
const MAX_LENGTH = 512

/** How long a route is remembered from its last answer that told something, in milliseconds. */
const MEMORY_MS = 600_000

/** Whether answers of a route were stored, or served from the store; or were not storable. */
type Experience = 'shared' | 'unshared'

/** A part of a path that is rather a value than a name: it has a digit. */
const VALUE = /\/[^/]*\d[^/]*/g

/**
 * Knows the routes of this process of which nothing was storable lately. Requests for these need not be looked up, nor wait
 * for each other. Their answers are judged all the same, so that a wrong memory costs the application a run, and never makes
 * anything storable.
 */
export class RouteMemory {
  readonly #routes: LRUCache<string, Experience>

  /** `now` is in milliseconds. */
  constructor(now: () => number) {
    // Without a resolution there is no timer.
    this.#routes = new LRUCache({ max: MAX_ROUTES, ttl: MEMORY_MS, ttlResolution: 0, perf: { now } })
  }

  /** Returns whether the answer to a request is probably for its client alone. */
  isUnshared(target: Target): boolean {
    return this.#routes.get(routeOf(target)) === 'unshared'
  }

  /** An answer was not storable. That means nothing for a route some of whose answers are shared. */
  noteUnshared(target: Target): void {
    const route = routeOf(target)
    if (this.#routes.get(route) !== 'shared') this.#note(route, 'unshared')
  }

  /** An answer was stored, or served from the store. */
  noteShared(target: Target): void {
    this.#note(routeOf(target), 'shared')
  }

  #note(route: string, experience: Experience): void {
    if (route.length <= MAX_LENGTH) this.#routes.set(route, experience)
  }
}

/** Returns what targets have in common that are probably answered by one handler: `/item/1?a` and `/item/2` do. */
function routeOf({ host, path }: Target): string {
  return host + (path.split('?', 1)[0] as string).replace(VALUE, '/#')
}
