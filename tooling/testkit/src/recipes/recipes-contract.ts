import type { OpenAsyncStore } from '../async-store-test.ts'
import { averagerContract } from './averager-contract.ts'
import { bloomFilterContract } from './counting/bloom-filter-contract.ts'
import { rollingCounterContract } from './counting/rolling-counter-contract.ts'
import { defaultTtlContract } from './default-ttl-contract.ts'
import { fencedContract } from './fenced-contract.ts'
import { getOrSetContract } from './get-or-set-contract.ts'
import { lockContract } from './lock-contract.ts'
import type { Recipes } from './recipes.ts'
import { rlockContract } from './rlock-contract.ts'
import { semaphoreContract } from './semaphore-contract.ts'
import { throttleContract } from './throttle-contract.ts'

/**
 * Defines tests for an engine behind `AsyncStore`: locks, semaphores, averages, counters, Bloom filters, rate limits and
 * values that are computed once work on it as on every other.
 *
 * @param name stands before the title of every test
 * @param open opens a store; all stores of one directory share their entries
 * @param recipes the module `@diskcache/recipes`
 */
export function recipesContract(name: string, open: OpenAsyncStore, recipes: Recipes): void {
  lockContract(name, open, recipes)
  semaphoreContract(name, open, recipes)
  rlockContract(name, open, recipes)
  fencedContract(name, open, recipes)
  averagerContract(name, open, recipes)
  rollingCounterContract(name, open, recipes)
  bloomFilterContract(name, open, recipes)
  throttleContract(name, open, recipes)
  getOrSetContract(name, open, recipes)
  defaultTtlContract(name, open, recipes)
}
