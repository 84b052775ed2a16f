import { Cache, type CacheOptions, type EvictionPolicy } from '@diskcache/cache'
import type { Contender } from '../contender.ts'
import { seededRandom } from '../core-workload/seeded-random.ts'
import type { PartContext } from '../report/part.ts'
import { Stage } from '../stage.ts'
import { median, medianRatio } from '../statistics.ts'
import { type Effort, takeTurns } from '../take-turns.ts'
import { valueRotation } from '../workload.ts'
import { zipfDraw } from './zipf-draw.ts'

export interface PoliciesPlan {
  readonly keys: number
  readonly effort: Effort
  /** Draws in a round. */
  readonly calls: number
  /** Rounds before the first that counts, in which the cache comes to hold what its policy keeps. */
  readonly before: number
}

export interface PolicyFigures {
  readonly policy: EvictionPolicy
  /** Microseconds a draw: a get, and a set where it misses. */
  readonly microseconds: number
  /** To the same gets and sets in a cache that has no limit. */
  readonly ratio: number
  /** Of draws that found their key. */
  readonly hitRate: number
  /** Entries at the end. */
  readonly size: number
}

const POLICIES = ['least-recently-stored', 'least-recently-used', 'least-frequently-used'] as const

/** Coprime to the number of keys, so that keys that are asked for alike lie far from each other. */
const STRIDE = 617

const SEED = 7

/** Each policy in a cache that may be as large as half of the keys make it, beside its own gets and sets without a limit. */
export async function measurePolicies(
  plan: PoliciesPlan,
  { progress }: PartContext,
): Promise<PolicyFigures[]> {
  const found: PolicyFigures[] = []
  for (const [done, policy] of POLICIES.entries()) {
    progress(done, POLICIES.length, policy)
    found.push(await measurePolicy(policy, plan))
  }
  return found
}

async function measurePolicy(policy: EvictionPolicy, plan: PoliciesPlan): Promise<PolicyFigures> {
  await using stage = new Stage()
  const open = (options: CacheOptions) => stage.use(new Cache(stage.path('cache'), options))
  const limited = new Limited(open({ evictionPolicy: policy, sizeLimit: volumeOfHalf(plan.keys) }), plan.keys)
  const unlimited = open({})
  fill(unlimited, plan.keys)
  for (let round = 0; round < plan.before; round++) limited.time(plan.calls)
  limited.forget()
  const replay = new Replay(limited, unlimited)
  const [ours = [], theirs = []] = await takeTurns([limited, replay], plan.calls, plan.effort)
  return {
    policy,
    microseconds: (median(ours) * 1e3) / plan.calls,
    ratio: medianRatio(ours, theirs),
    hitRate: limited.hitRate,
    size: limited.size,
  }
}

/** Draws keys, gets them, and sets those that are not there. */
class Limited implements Contender {
  readonly #cache: Cache
  readonly #draw: () => number
  readonly #keys: number
  readonly #values = valueRotation()
  /** What the last round did. */
  keys: string[] = []
  missed: boolean[] = []
  #draws = 0
  #misses = 0

  constructor(cache: Cache, keys: number) {
    this.#cache = cache
    this.#keys = keys
    this.#draw = zipfDraw(keys, seededRandom(SEED))
  }

  get hitRate(): number {
    return 1 - this.#misses / this.#draws
  }

  get size(): number {
    return this.#cache.size
  }

  /** Forgets the hits and misses so far. */
  forget(): void {
    this.#draws = 0
    this.#misses = 0
  }

  time(calls: number): number {
    this.keys = Array.from({ length: calls }, () => keyOf(this.#draw(), this.#keys))
    this.missed = Array.from({ length: calls }, () => false)
    const start = performance.now()
    for (const [i, key] of this.keys.entries()) {
      if (this.#cache.get(key) !== undefined) continue
      this.missed[i] = true
      this.#cache.set(key, this.#values.next())
    }
    const time = performance.now() - start
    this.#draws += calls
    this.#misses += this.missed.filter(Boolean).length
    return time
  }
}

/** Does what the limited cache just did, in another one: the difference is what limiting costs. */
class Replay implements Contender {
  readonly #model: Limited
  readonly #cache: Cache
  readonly #values = valueRotation()

  constructor(model: Limited, cache: Cache) {
    this.#model = model
    this.#cache = cache
  }

  time(): number {
    const { keys, missed } = this.#model
    const start = performance.now()
    for (const [i, key] of keys.entries()) {
      this.#cache.get(key)
      if (missed[i]) this.#cache.set(key, this.#values.next())
    }
    return performance.now() - start
  }
}

/** How large a cache is that holds half of the keys. */
function volumeOfHalf(keys: number): number {
  using cache = new Cache()
  fill(cache, keys / 2)
  const volume = cache.volume()
  cache.clear()
  return volume
}

function fill(cache: Cache, keys: number): void {
  const values = valueRotation()
  cache.setMany(Array.from({ length: keys }, (_, rank) => [keyOf(rank, keys), values.next()]))
}

function keyOf(rank: number, keys: number): string {
  return `key:${(rank * STRIDE) % keys}`
}
