import type { ListOrder, StoreFacts, ValueKind } from '@diskcache/core'
import type { EntryView } from '../../reading/entry-view.ts'
import type { LockView } from '../../reading/locks.ts'
import type { ValueView } from '../../reading/value-view.ts'

/**
 * What the page asks the server, and what it gets. Addresses are relative to the page, which is at the random path of the
 * command, or wherever an application has mounted it. Questions are GET; every change is POST with a body of JSON, and the
 * header `X-Diskcache-Inspector: 1`, which no other site's form can send.
 */

/** `GET api/overview` */
export interface Overview {
  readonly name: string
  readonly kind: 'cache' | 'fanout' | 'redis' | 'other'
  /** Whether the page offers no changes, and the server refuses them. */
  readonly isReadonly: boolean
  readonly facts: StoreFacts
  /** The bytes that the store fills, and the most that it may. */
  readonly volume: number
  readonly sizeLimit: number | null
  readonly hits: number
  readonly misses: number
  /** Whether hits and misses are counted at all: the setting `statistics`. */
  readonly hasStatistics: boolean
}

/** `GET api/entries`, with these as its query. */
export interface EntriesQuery {
  readonly text?: string
  readonly prefix?: string
  /** The id of a tag. */
  readonly tag?: string
  readonly kind?: ValueKind
  readonly expired?: 'yes' | 'no'
  readonly order?: ListOrder
  readonly reverse?: 'yes'
  /** The place after which the page begins, as the answer for the page before gave it. */
  readonly after?: string
  /** The number of a search that was not done, to go on with it, whatever else is asked; 404 when it is 30 s old. */
  readonly search?: string
}

/** The answer of `GET api/entries`, within half a second: what was found by then. */
export interface EntriesPage {
  readonly entries: readonly EntryView[]
  readonly scanned: number
  readonly total: number
  /** Whether all were looked at; otherwise `search` is to be asked for again. */
  readonly isDone: boolean
  readonly search?: string
  /** Where the next page begins, when there may be one. */
  readonly next?: string
}

/** `GET api/entry?id=…`; 404 when it is gone. The picture is at `GET api/picture?id=…`, the stored bytes at `api/bytes?id=…`. */
export interface EntryDetail {
  readonly entry: EntryView
  readonly value: ValueView
}

/** `GET api/survey`: the sums so far, which are kept for some seconds; asked for again until `isDone`. */
export type { Survey, SurveyRow } from '../../reading/survey.ts'

/**
 * `GET api/live`: the last ten minutes, a sample a second for as long as somebody asks, and what is there now. With
 * `?since=TIME` only the samples after that one.
 */
export interface Live {
  readonly samples: readonly Sample[]
  readonly locks: readonly LockView[]
  readonly queues: readonly QueueView[]
}

/** What changed within a second; `time` is its end, in epoch milliseconds. */
export interface Sample {
  readonly time: number
  readonly entries: number
  readonly bytes: number
  readonly hits: number
  readonly misses: number
  readonly evictions: number
  /** Owners that wait for locks, by the rows of locks. */
  readonly waiting: number
}

export type { LockView } from '../../reading/locks.ts'

export interface QueueView {
  /** The prefix, or an empty text for the queue without one. */
  readonly prefix: string
  readonly length: number
}

/** `POST api/delete`, `api/touch`, `api/pin`, `api/evict`. The answer says how many entries were changed. */
export type Change =
  | { readonly action: 'delete'; readonly id: string }
  | { readonly action: 'touch'; readonly id: string; readonly ttl: number | null }
  | { readonly action: 'pin'; readonly id: string; readonly pin: boolean }
  | { readonly action: 'evict'; readonly tag: string }

export interface Changed {
  readonly entries: number
}

/** The body of every answer that is an error. */
export interface Failure {
  readonly error: string
}
