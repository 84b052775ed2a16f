import type { Change, Entry } from '@diskcache/core'

/** Decides what becomes of an entry, by what is there and the time. */
export type ChangeCallback = (entry: Entry<unknown> | undefined, now: number) => Change<unknown>

export type SetChange = Extract<Change<unknown>, { set: unknown }>

/** What an update has done. */
export interface Updated {
  /** As it is afterwards. */
  readonly entry: Entry<unknown> | undefined
  readonly reason: 'set' | 'delete' | undefined
}
