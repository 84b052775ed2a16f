import { FORMAT, type IndexRow, type VariantEntry } from './rows.ts'

/**
 * How many variants of one URL are kept: so many of those that fields make which anybody can send, and so many of the
 * others. Neither kind takes the place of the other.
 */
const MAX_VARIANTS = 16

/** From this count of uses on, all counts are halved: what was wanted once does not stay for ever. */
const MAX_USES = 256

export interface Publication {
  readonly names: readonly string[]
  /** Returns what selects the variant among others that are told apart by these fields. */
  readonly selectBy: (names: readonly string[]) => string
  readonly id: string
  readonly until: number
  readonly requestedAt: number
  /** Whether anybody could have made the variant up. */
  readonly isMadeUp: boolean
}

/** How often variants were asked for in this process. */
export interface Usage {
  /** Returns how often a variant has answered since that was noted last. */
  hits(id: string): number
  /** Returns how often a selection found no place. */
  refusals(selection: string): number
}

export interface IndexChange {
  readonly row: IndexRow
  /** Variants that nothing leads to any more. */
  readonly dropped: readonly string[]
}

/**
 * Returns the index with one more variant, or `undefined` when it is not to be stored: a purge came between request and
 * response; there is the answer to a later request, since who waited for this one too long took over; or there are enough
 * variants, all of them wanted more often. When the variant is selected by a field that the others are not, these go:
 * whether they depend on it is not known.
 */
export function withVariant(
  old: IndexRow | undefined,
  fresh: Publication,
  { now, usage }: { readonly now: number; readonly usage: Usage },
): IndexChange | undefined {
  if (old !== undefined && old.purgedAt >= fresh.requestedAt) return undefined
  const names = [...new Set([...(old?.names ?? []), ...fresh.names])].sort()
  const selection = fresh.selectBy(names)
  const isSame = names.length === (old?.names.length ?? 0)
  const useful = (isSame ? (old?.variants ?? []) : [])
    .filter(({ until }) => until > now)
    .map((variant) => ({ ...variant, uses: (variant.uses ?? 1) + usage.hits(variant.id) }))
  const before = useful.find((variant) => variant.selection === selection)
  const { id, until, requestedAt, isMadeUp } = fresh
  if ((before?.requestedAt ?? 0) > requestedAt) return undefined
  const uses = (before?.uses ?? 0) + 1 + usage.refusals(selection)
  const others = withRoom(
    useful.filter((variant) => variant !== before),
    { isMadeUp, uses },
  )
  if (others === undefined) return undefined
  const variants = aged([...others, { id, selection, until, requestedAt, isMadeUp, uses }])
  const row = { format: FORMAT, names, variants, purgedAt: old?.purgedAt ?? 0 }
  return { row, dropped: droppedBetween(old, row) }
}

/**
 * Returns the index in which a variant is the answer to a later request, with the same body; `undefined` when nothing leads
 * to it any more, or a purge came between.
 */
export function withRenewed(
  old: IndexRow | undefined,
  renewed: Pick<VariantEntry, 'id' | 'until'> & { requestedAt: number },
): IndexChange | undefined {
  const entry = old?.variants.find(({ id }) => id === renewed.id)
  if (old === undefined || entry === undefined || old.purgedAt >= renewed.requestedAt) return undefined
  // Another process may have been later, and yet be here before.
  if ((entry.requestedAt ?? 0) > renewed.requestedAt) return { row: old, dropped: [] }
  const others = old.variants.filter((one) => one !== entry)
  return { row: { ...old, variants: [...others, { ...entry, ...renewed }] }, dropped: [] }
}

/** Returns the index without variants, and with a mark for those that are under way. */
export function withoutVariants(old: IndexRow | undefined, now: number): IndexChange {
  const row = { format: FORMAT, names: [], variants: [], purgedAt: now }
  return { row, dropped: droppedBetween(old, row) }
}

/** Returns the index with all variants stale from now on, and with a mark for those that are under way. */
export function withStaleVariants(old: IndexRow | undefined, now: number): IndexChange {
  const variants = (old?.variants ?? []).map((variant) => {
    const { staleAt = now, requestedAt = 0 } = variant
    return { ...variant, staleAt: requestedAt > staleAt ? now : staleAt }
  })
  return { row: { format: FORMAT, names: old?.names ?? [], variants, purgedAt: now }, dropped: [] }
}

/**
 * Returns those variants that stay beside a new one; `undefined` when it finds no place, since each of its kind was used
 * as often. Of those that were used least, the latest goes.
 */
function withRoom(
  others: readonly Used[],
  fresh: { readonly isMadeUp: boolean; readonly uses: number },
): readonly Used[] | undefined {
  const rivals = others.filter(({ isMadeUp = false }) => isMadeUp === fresh.isMadeUp)
  if (rivals.length < MAX_VARIANTS) return others
  const least = rivals.reduce((least, one) => (one.uses <= least.uses ? one : least))
  return fresh.uses > least.uses ? others.filter((one) => one !== least) : undefined
}

type Used = VariantEntry & { readonly uses: number }

function aged(variants: readonly Used[]): readonly Used[] {
  if (variants.every(({ uses }) => uses < MAX_USES)) return variants
  return variants.map((variant) => ({ ...variant, uses: variant.uses / 2 }))
}

function droppedBetween(old: IndexRow | undefined, row: IndexRow): string[] {
  const kept = new Set(row.variants.map(({ id }) => id))
  return (old?.variants ?? []).map(({ id }) => id).filter((id) => !kept.has(id))
}
