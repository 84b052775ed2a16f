import { createHash } from 'node:crypto'
import { type Freshness, freshnessOf, isTimes, mergeTimes, type TagTimes } from './tag-times.ts'

/** The number of slots that the tags of an application are spread over, by what their names hash to. */
const SLOTS = 256

/** The number of tags whose times a slot knows. */
const MAX_TAGS = 32

/** The number of slots that this software reads. Another one may mean something else. */
const FORMAT = 1

/** Where the times of a tag are. */
export interface TagPlace {
  readonly slot: number
  readonly name: string
}

/** What revalidations have said of the tags of one slot: of so many, by their times, and of older ones together. */
export interface TagSlot {
  readonly format: typeof FORMAT
  /** Entries that were made by then are not served any more, whatever tags of this slot they have. */
  readonly forgotten: number
  readonly times: ReadonlyMap<string, TagTimes>
}

/** Returns where the times of a tag are. */
export function placeOf(tag: string): TagPlace {
  const digest = createHash('sha256').update(tag).digest()
  return { slot: digest[0]! % SLOTS, name: digest.toString('base64url', 1, 13) }
}

/** Returns a slot whose tags were revalidated. */
export function slotOf(names: readonly string[], times: TagTimes): TagSlot {
  return boundedSlot(0, new Map(names.map((name) => [name, times])))
}

/** Returns what a row and a slot say together. A row that is no slot may have said anything until now. */
export function mergeSlots(row: unknown, slot: TagSlot, now: number): TagSlot {
  if (row === undefined) return slot
  if (!isSlot(row)) return { ...slot, forgotten: now }
  const times = new Map(row.times)
  for (const [name, said] of slot.times) {
    const before = times.get(name)
    times.set(name, before === undefined ? said : mergeTimes(before, said))
  }
  return boundedSlot(Math.max(row.forgotten, slot.forgotten), times)
}

/** Returns what a row says of entries with a tag; a row that is no slot says that they are gone. */
export function freshnessIn(row: unknown, name: string, madeAt: number, now: number): Freshness {
  if (row === undefined) return 'fresh'
  if (!isSlot(row) || madeAt <= row.forgotten) return 'expired'
  return freshnessOf(row.times.get(name), madeAt, now)
}

/** Forgets the tags that were revalidated longest ago: what was made by then counts as revalidated at once. */
function boundedSlot(forgotten: number, times: ReadonlyMap<string, TagTimes>): TagSlot {
  if (times.size <= MAX_TAGS) return { format: FORMAT, forgotten, times }
  const latest = [...times].sort(([, a], [, b]) => lastOf(b) - lastOf(a))
  const tooMany = latest.splice(MAX_TAGS)
  return {
    format: FORMAT,
    forgotten: Math.max(forgotten, ...tooMany.map(([, said]) => lastOf(said))),
    times: new Map(latest),
  }
}

function lastOf({ expired, stale }: TagTimes): number {
  return Math.max(expired, stale)
}

function isSlot(row: unknown): row is TagSlot {
  const { format, forgotten, times } = Object(row) as Partial<TagSlot>
  return (
    format === FORMAT &&
    Number.isFinite(forgotten) &&
    times instanceof Map &&
    [...times.values()].every((said) => isTimes(said))
  )
}
