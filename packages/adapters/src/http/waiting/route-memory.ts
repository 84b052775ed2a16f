import { LRUCache } from 'lru-cache'
import { remembered } from '../rules/remembered.ts'
import type { Target } from '../rules/target/target.ts'

/** How many routes are remembered; more are made up. */
const MAX_ROUTES = 10_000

/** Longer ones are not remembered, in characters. */
const MAX_LENGTH = 512

/** How long a route is remembered from its last answer that told something, in milliseconds. */
const MEMORY_MS = 600_000

/** After so many answers of a route that were not storable, only some are looked at. */
const ENOUGH_ANSWERS = 8

/** The share of answers that are looked at then; by chance, so that nobody can see to it that these are always their own. */
const WATCHED = 1 / 32

/** After an answer that was looked at none is for so long, in milliseconds: a busy route has enough of them. */
const REST_MS = 100

/** Why the last answer could not be shared, how many could not, and when that was seen, in milliseconds. */
interface Refusals {
  readonly refusal: string
  readonly count: number
  readonly at: number
}

/** What was seen of a route lately: that answers are shared, or that they could not be. */
type Experience = 'shared' | Refusals

/** What a route is told by. */
type Place = Pick<Target, 'host' | 'path'>

/** A part of a path that is rather a value than a name: it has a digit. */
const VALUE = /\/[^/]*\d[^/]*/g

/** A route of which nothing was storable lately. */
export interface UnsharedRoute {
  /** Why the last answer was not stored, in one word. */
  readonly refusal: string
  /** Whether to look at the answer of this request: it may be storable now. */
  readonly isWatched: boolean
}

/**
 * Knows the routes of this process of which nothing was storable lately. Requests for these need not be looked up, nor wait
 * for each other. Their answers go on being judged, all at first, then some, so that a wrong memory costs the application
 * some runs, and never makes anything storable.
 */
export class RouteMemory {
  readonly #routes: LRUCache<string, Experience>
  readonly #now: () => number
  readonly #random: () => number

  /** `now` is in milliseconds, `random` below 1. */
  constructor(now: () => number, random: () => number = Math.random) {
    this.#now = now
    this.#random = random
    // Without a resolution there is no timer.
    this.#routes = new LRUCache({ max: MAX_ROUTES, ttl: MEMORY_MS, ttlResolution: 0, perf: { now } })
  }

  /** Returns the route of a request whose answer is probably for its client alone; `undefined` for other requests. */
  unshared(target: Place): UnsharedRoute | undefined {
    const known = this.#routes.get(routeOf(target.host, target.path))
    if (known === undefined || known === 'shared') return undefined
    return { refusal: known.refusal, isWatched: this.#isWatched(known) }
  }

  /** An answer was not storable. That means nothing for a route some of whose answers are shared. */
  noteUnshared(target: Place, refusal: string): void {
    const route = routeOf(target.host, target.path)
    const known = this.#routes.get(route)
    if (known !== 'shared') this.#note(route, { refusal, count: (known?.count ?? 0) + 1, at: this.#now() })
  }

  /** An answer was stored, or served from the store. */
  noteShared(target: Place): void {
    this.#note(routeOf(target.host, target.path), 'shared')
  }

  #isWatched({ count, at }: Refusals): boolean {
    if (count < ENOUGH_ANSWERS) return true
    // The first is cheaper. A clock may step back.
    return this.#random() < WATCHED && Math.abs(this.#now() - at) >= REST_MS
  }

  #note(route: string, experience: Experience): void {
    if (route.length <= MAX_LENGTH) this.#routes.set(route, experience)
  }
}

/** Returns what targets have in common that are probably answered by one handler: `/item/1?a` and `/item/2` do. */
const routeOf = remembered((host, path) => host + (path.split('?', 1)[0] as string).replace(VALUE, '/#'))
