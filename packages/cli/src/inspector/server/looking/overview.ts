import type { Target } from '../../../reading/targets/target.ts'
import type { Overview } from '../../protocol/api.ts'

/** Returns what stands at the head of the page. */
export async function overviewOf(
  { kind, name, store, listing }: Target,
  isReadonly: boolean,
): Promise<Overview> {
  const [facts, volume, { hits, misses }] = await Promise.all([
    listing.facts(),
    store.volume(),
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
