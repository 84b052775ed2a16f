import { sizeOf } from '../../../reading/store-size.ts'
import type { Target } from '../../../reading/targets/target.ts'
import type { Overview } from '../../protocol/api.ts'

/** Returns what stands at the head of the page. */
export async function overviewOf(target: Target, isReadonly: boolean): Promise<Overview> {
  const { kind, name, store, listing } = target
  const [facts, { volume }, { hits, misses }] = await Promise.all([
    listing.facts(),
    sizeOf(target),
    store.stats(),
  ])
  const { sizeLimit, statistics } = facts.settings
  return {
    name,
    kind,
    isReadonly,
    facts,
    volume,
    sizeLimit: typeof sizeLimit === 'number' && Number.isFinite(sizeLimit) ? sizeLimit : null,
    hits,
    misses,
    hasStatistics: statistics !== false && statistics !== undefined && statistics !== 0,
  }
}
