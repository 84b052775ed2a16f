import { isSliceOver, nextSlice, type SurveyGroup } from '@diskcache/core'
import { SHOWN_OF_LONG } from './long-text.ts'
import { ageLabel, expiryLabel, sizeLabel } from './survey-labels.ts'
import { tagView } from './tag-id.ts'
import type { Target } from './targets/target.ts'

/** Entries that have something in common. */
export interface SurveyRow {
  /** What that is, for people: `sessions`, `1 h to 1 d`, `4 to 8 KiB`, `no tag`. */
  readonly label: string
  /** What filters the entries by it: the id of a tag, a namespace, a kind. */
  readonly id?: string
  readonly entries: number
  readonly bytes: number
}

/** What is in a cache, counted by what it is. */
export interface Survey {
  readonly scanned: number
  readonly total: number
  readonly isDone: boolean
  /** By tag, namespace and kind: those with the most bytes, at most {@link MOST_ROWS}, the first first. An entry with two tags counts for both. */
  readonly byTag: readonly SurveyRow[]
  readonly byNamespace: readonly SurveyRow[]
  readonly byKind: readonly SurveyRow[]
  /** By the bytes of their values, by the time since they were stored, and until they expire, the least first. */
  readonly bySize: readonly SurveyRow[]
  readonly byAge: readonly SurveyRow[]
  readonly byExpiry: readonly SurveyRow[]
  /** The queues by their prefix, the longest first; the label of the one without is empty. */
  readonly queues: readonly SurveyRow[]
}

/** The most rows of a part that has no end. */
export const MOST_ROWS = 50

/** The most groups of a part that are counted apart; what comes after them is counted as others. */
const MOST_GROUPS = 10_000

/** A step of counting. */
export interface SurveyProgress {
  readonly isDone: boolean
  /** Returns what was counted so far, until the next step. To put it in order takes longer than a step. */
  sums(): Survey
}

/** The groups that are added before the clock is looked at. */
const GROUPS_AT_ONCE = 100

/** Counts what is in a cache, a slice of the event loop at a time. */
export async function* surveyOf({ listing }: Target): AsyncGenerator<SurveyProgress, void, void> {
  const parts = new SurveyParts()
  for await (const { groups, scanned, total, isDone } of listing.survey()) {
    for (const [index, group] of groups.entries()) {
      parts.add(group)
      if (index % GROUPS_AT_ONCE === 0 && isSliceOver()) await nextSlice()
    }
    yield { isDone, sums: () => ({ scanned, total, isDone, ...parts.rows() }) }
  }
}

/** Resolves to the queues of a cache, by their prefix and their length. O(n). */
export async function queuesOf(target: Target): Promise<{ prefix: string; length: number }[]> {
  let queues: readonly SurveyRow[] = []
  for await (const { isDone, sums } of surveyOf(target)) if (isDone) queues = sums().queues
  return queues.map(({ label, entries }) => ({ prefix: label, length: entries }))
}

/** A part of a survey: the groups of one kind, each with its place in their order where they have one. */
class SurveyPart {
  readonly #rows = new Map<string, SurveyRow & { order: number }>()

  add(
    { entries, bytes }: SurveyGroup,
    label: string,
    { id, order = 0 }: { id?: string; order?: number } = {},
  ): void {
    const isKnown = this.#rows.has(label) || this.#rows.size < MOST_GROUPS
    const name = isKnown ? label : 'others'
    const before = this.#rows.get(name)
    const sums = { entries: (before?.entries ?? 0) + entries, bytes: (before?.bytes ?? 0) + bytes }
    this.#rows.set(name, { label: name, ...(isKnown && id !== undefined ? { id } : {}), ...sums, order })
  }

  /** Returns the rows in their order. */
  ordered(): SurveyRow[] {
    return [...this.#rows.values()].sort((a, b) => a.order - b.order).map(({ order: _, ...row }) => row)
  }

  /** Returns those with the most of something, the first first. */
  largest(by: 'bytes' | 'entries'): SurveyRow[] {
    const rows = [...this.#rows.values()].sort((a, b) => b[by] - a[by] || b.entries - a.entries)
    return rows.slice(0, MOST_ROWS).map(({ order: _, ...row }) => row)
  }
}

function shownStart(text: string): string {
  return text.length > SHOWN_OF_LONG ? `${text.slice(0, SHOWN_OF_LONG)}…` : text
}

class SurveyParts {
  readonly #tags = new SurveyPart()
  readonly #namespaces = new SurveyPart()
  readonly #kinds = new SurveyPart()
  readonly #sizes = new SurveyPart()
  readonly #ages = new SurveyPart()
  readonly #expiries = new SurveyPart()
  readonly #queues = new SurveyPart()

  add(group: SurveyGroup): void {
    const { tags, namespace, kind, queue, sizeClass, ageHours, expiresInMinutes } = group
    for (const tag of tags) {
      const { id, text, isLong } = tagView(tag)
      this.#tags.add(group, text, isLong ? {} : { id })
    }
    if (tags.length === 0) this.#tags.add(group, 'no tag')
    this.#namespaces.add(group, namespace ?? 'no namespace', namespace === undefined ? {} : { id: namespace })
    this.#kinds.add(group, kind, { id: kind })
    this.#sizes.add(group, sizeLabel(sizeClass), { order: sizeClass })
    const age = ageLabel(ageHours)
    this.#ages.add(group, age.label, age)
    const expiry = expiryLabel(expiresInMinutes)
    this.#expiries.add(group, expiry.label, expiry)
    if (queue !== undefined) this.#queues.add(group, shownStart(queue))
  }

  rows(): Omit<Survey, 'scanned' | 'total' | 'isDone'> {
    return {
      byTag: this.#tags.largest('bytes'),
      byNamespace: this.#namespaces.largest('bytes'),
      byKind: this.#kinds.largest('bytes'),
      bySize: this.#sizes.ordered(),
      byAge: this.#ages.ordered(),
      byExpiry: this.#expiries.ordered(),
      queues: this.#queues.largest('entries'),
    }
  }
}
