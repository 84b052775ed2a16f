import { isAhead } from '../../rules/policy.ts'
import { FORMAT, type IndexRow, type VariantEntry } from '../rows.ts'
import { type Demand, faded, periodOf } from './demand.ts'

/**
 * How many variants of one URL are kept: so many of those that fields make which anybody can send, and so many of the
 * others. Neither kind takes the place of the other.
 */
export const MAX_VARIANTS = 16

/** A new variant takes the place of one that is asked for so many times less. */
const ADVANTAGE = 2

/** How long a variant that has expired keeps its place, in milliseconds: it is being made anew, if it is asked for. */
export const PLACE_MEMORY = 10_000

/**
 * How far the clock of another process may be ahead of this one's, in milliseconds, for its purges to count: those from
 * further ahead were made before the clock was set back.
 */
const MAX_PURGE_AHEAD_MS = 60_000

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

/** How much variants of a URL, by their selection, were asked for in this process. */
export type Usage = Pick<Demand, 'of' | 'before'>

/** What changes of an index depend on. */
export interface Circumstances {
  readonly now: number
  readonly usage: Usage
}

/** The variants of one kind that a URL has. */
export interface Crowd {
  /** The fields by which they are told apart. */
  readonly names: readonly string[]
  readonly count: number
  /** How much the one is asked for that would go for a new one. */
  readonly least: number
}

export interface IndexChange {
  readonly row: IndexRow
  /** Variants that nothing leads to any more. */
  readonly dropped: readonly string[]
}

/** Returns what a new variant would find: those of its kind. */
export function crowdOf(index: IndexRow | undefined, isMadeUp: boolean, circumstances: Circumstances): Crowd {
  const rivals = rivalsOf(placedOf(index?.variants ?? [], circumstances), isMadeUp)
  return { names: index?.names ?? [], count: rivals.length, least: leastWanted(rivals)?.uses ?? 1 }
}

/**
 * Returns the index with one more variant, or `undefined` when it is not to be stored: a purge came between request and
 * response; there is the answer to a later request, since who waited for this one too long took over; or there are enough
 * variants, none of them wanted less, since another process had the last place. When the variant is selected by a field that
 * the others are not, these go: whether they depend on it is not known.
 */
export function withVariant(
  old: IndexRow | undefined,
  fresh: Publication,
  circumstances: Circumstances,
): IndexChange | undefined {
  const { now, usage } = circumstances
  if (old !== undefined && isPurgedSince(old.purgedAt, fresh.requestedAt, now)) return undefined
  const names = [...new Set([...(old?.names ?? []), ...fresh.names])].sort()
  const selection = fresh.selectBy(names)
  const isSame = names.length === (old?.names.length ?? 0)
  const placed = placedOf(isSame ? (old?.variants ?? []) : [], circumstances)
  const before = placed.find((variant) => variant.selection === selection)
  const { id, until, requestedAt, isMadeUp } = fresh
  if (isOvertaken(before, requestedAt, now)) return undefined
  const demand = usage.before(selection)
  const uses = Math.max(before?.uses ?? 0, demand + 1)
  const entry = { id, selection, until, requestedAt, isMadeUp, uses, usedIn: periodOf(now) }
  const least = before === undefined ? leastWanted(rivalsOf(placed, isMadeUp)) : undefined
  if (least !== undefined && !takesPlaceOf(least.uses, demand)) return undefined
  const variants =
    before === undefined
      ? [...placed.filter((variant) => variant !== least), entry]
      : placed.map((variant) => (variant === before ? entry : variant))
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
  circumstances: Circumstances,
): IndexChange | undefined {
  const { requestedAt } = renewed
  const { now } = circumstances
  const entry = old?.variants.find(({ id }) => id === renewed.id)
  if (old === undefined || entry === undefined || isPurgedSince(old.purgedAt, requestedAt, now))
    return undefined
  // Another process may have been later, and yet be here before.
  if (isOvertaken(entry, requestedAt, now)) return { row: old, dropped: [] }
  const { staleAt: _, ...kept } = used(entry, circumstances)
  const again = { ...kept, ...renewed }
  const variants = old.variants.map((one) => (one === entry ? again : one))
  return { row: { ...old, variants }, dropped: [] }
}

/** Returns the index with what this process knows of the demand for its variants; `undefined` when there is none. */
export function withDemand(old: IndexRow | undefined, circumstances: Circumstances): IndexChange | undefined {
  const variants = old?.variants.map((variant) => used(variant, circumstances))
  return old && variants && { row: { ...old, variants }, dropped: [] }
}

/** Returns whether a new variant may have to take the place of another. */
export function isContested({ variants }: IndexRow): boolean {
  return variants.length >= MAX_VARIANTS
}

/** Returns whether a purge came after the request. */
export function isPurgedSince(purgedAt: number, requestedAt: number, now: number): boolean {
  return purgedAt >= requestedAt && purgedAt - now <= MAX_PURGE_AHEAD_MS
}

/** Returns whether a variant answers a later request. */
function isOvertaken(variant: VariantEntry | undefined, requestedAt: number, now: number): boolean {
  const time = variant?.requestedAt ?? 0
  return time > requestedAt && !isAhead(time, now)
}

/** Returns the index without variants, and with a mark for those that are under way. */
export function withoutVariants(old: IndexRow | undefined, now: number): IndexChange {
  const row = { format: FORMAT, names: [], variants: [], purgedAt: now }
  return { row, dropped: droppedBetween(old, row) }
}

/** Returns the index with all variants stale from now on, and with a mark for those that are under way. */
export function withStaleVariants(old: IndexRow | undefined, now: number): IndexChange {
  const variants = (old?.variants ?? []).map((variant) => {
    const { staleAt = -1, requestedAt = 0 } = variant
    // By a clock that was set back, it may have been asked for later than now.
    return staleAt >= requestedAt ? variant : { ...variant, staleAt: Math.max(now, requestedAt) }
  })
  return { row: { format: FORMAT, names: old?.names ?? [], variants, purgedAt: now }, dropped: [] }
}

/** Returns whether a new variant takes the place of one that is asked for so much. */
export function takesPlaceOf(least: number, demand: number): boolean {
  return demand > ADVANTAGE * least
}

/** Returns whether a variant has a place among those of its URL. What came before the clock was set back has none. */
export function hasPlace({ until, requestedAt = 0 }: VariantEntry, now: number): boolean {
  return until + PLACE_MEMORY > now && !isAhead(requestedAt, now)
}

type Used = VariantEntry & { readonly uses: number; readonly usedIn: number }

function placedOf(variants: readonly VariantEntry[], circumstances: Circumstances): readonly Used[] {
  return variants
    .filter((variant) => hasPlace(variant, circumstances.now))
    .map((variant) => used(variant, circumstances))
}

function rivalsOf(variants: readonly Used[], isOfMadeUp: boolean): readonly Used[] {
  return variants.filter(({ isMadeUp = false }) => isMadeUp === isOfMadeUp)
}

/** Returns the variant that goes for a new one, if there are enough: the newest of those that are asked for least. */
function leastWanted(rivals: readonly Used[]): Used | undefined {
  if (rivals.length < MAX_VARIANTS) return undefined
  return rivals.reduce((least, one) => (one.uses <= least.uses ? one : least))
}

/** Returns a variant with the demand as it is now, by the process that knows most of it. */
function used(variant: VariantEntry, { now, usage }: Circumstances): Used {
  const { uses = 1, usedIn, selection } = variant
  const period = periodOf(now)
  const noted = usedIn === undefined ? 1 : faded(uses, { from: usedIn, to: period })
  return { ...variant, uses: Math.max(noted, usage.of(selection)), usedIn: period }
}

function droppedBetween(old: IndexRow | undefined, row: IndexRow): string[] {
  const kept = new Set(row.variants.map(({ id }) => id))
  return (old?.variants ?? []).map(({ id }) => id).filter((id) => !kept.has(id))
}
