import { randomUUID } from 'node:crypto'
import {
  type AsyncStore,
  checkNumber,
  checkOptions,
  checkString,
  MAX_TIMER_MS,
  type StoreHealth,
  storeHealth,
} from '@diskcache/core'
import type { StoreRegistry } from './store-registry.ts'
import { DEFAULT_STORE } from './store-token.ts'

/** The settings of a health check. */
export interface HealthOptions {
  /** The name of the store; `'default'` when left out. */
  store?: string | undefined
  /** The time in milliseconds after which a store that does not answer counts as down; 1,000 by default. */
  timeout?: number | undefined
}

/**
 * The result that `@nestjs/terminus` expects of an indicator: under `key`, whether the store is up, and if not, why.
 */
export type HealthResult<K extends string> = Record<
  K,
  | { readonly status: 'up' }
  | { readonly status: 'down'; readonly message: string; readonly store?: 'busy' | 'away' }
>

/** The time in milliseconds for which an entry stays that could not be removed again. */
const MAX_STAY_MS = 60_000

/**
 * Tells whether a store can be written and read: from what its users have just met, or else by doing it. {@link DiskCacheModule} provides the indicator in every
 * module.
 *
 * @example
 * this.health.check([() => this.diskCache.isHealthy('cache')])
 */
export class DiskCacheHealthIndicator {
  readonly #registry: StoreRegistry
  readonly #key = ['diskcache', 'health', randomUUID()]

  /** Nest makes the indicator; an application injects it. */
  constructor(registry: StoreRegistry) {
    this.#registry = registry
  }

  /**
   * Returns under `key` whether the store can be used. Where nobody has met a store that is away or busy, it writes, reads
   * and removes an entry of its own, within `timeout` milliseconds. A store that fails is reported as down, not thrown.
   *
   * @throws TypeError when there is no store of this name
   * @throws TypeError, RangeError for a `key` that is no string, or an unknown or illegal option
   */
  async isHealthy<const K extends string>(key: K, options: HealthOptions = {}): Promise<HealthResult<K>> {
    checkString('key', key)
    checkOptions('the options of isHealthy', options, ['store', 'timeout'])
    const { store = DEFAULT_STORE, timeout = 1_000 } = options
    checkNumber('timeout', timeout, { min: 1, max: MAX_TIMER_MS })
    const target = this.#registry.get(store)
    const health = storeHealth(target)
    if (health.status !== 'up') return { [key]: downOf(health) } as HealthResult<K>
    try {
      await this.#probe(target, AbortSignal.timeout(timeout))
      return { [key]: { status: 'up' } } as HealthResult<K>
    } catch (error) {
      return { [key]: { status: 'down', message: messageOf(error, timeout) } } as HealthResult<K>
    }
  }

  async #probe(store: AsyncStore, signal: AbortSignal): Promise<void> {
    const written = Date.now()
    if (!(await store.set(this.#key, written, { ttl: MAX_STAY_MS, signal })))
      throw new Error('an entry was not stored')
    if ((await store.get(this.#key, { signal })) === undefined)
      throw new Error('an entry that was stored is not there')
    await store.delete(this.#key, { signal })
  }
}

function messageOf(error: unknown, timeout: number): string {
  if (!(error instanceof Error)) return String(error)
  return error.name === 'TimeoutError' ? `no answer within ${timeout} ms` : error.message
}

/** Returns what is told of a store that was found to be away or busy, and is probed in the background. */
function downOf({ status, since, error }: StoreHealth) {
  const message = `${status} for ${Date.now() - since} ms: ${error instanceof Error ? error.message : error}`
  return { status: 'down', store: status, message } as const
}
