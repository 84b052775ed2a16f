import type { LoggedWrite } from './history-log.ts'

/** What a key holds after a write. Times are in nanoseconds, those on the wall in epoch milliseconds. */
export interface KeyState {
  /** When the write began, before which nobody can have seen it. */
  readonly began: number
  /** When the write had certainly taken place; infinite when its writer was killed, so that it may never have. */
  readonly committed: number
  /** The versions of which it is one, as a killed writer may leave more than one open; none when nothing is held. */
  readonly versions: readonly number[]
  /** The earliest and the latest time on the wall at which the entry may expire; `null` for never. */
  readonly expiry: readonly [earliest: number, latest: number] | null
}

const EMPTY: KeyState = { began: -Infinity, committed: -Infinity, versions: [], expiry: null }

/** What each key held, one state after the other, by what the only writer at a time has logged. */
export class KeyHistories {
  readonly #states = new Map<number, KeyState[]>()

  constructor(writes: Iterable<LoggedWrite>) {
    for (const write of writes) for (const key of write.begin.keys) this.#add(key, write)
  }

  /** Returns the states of a key in the order of time, of which the first is that it holds nothing. */
  of(key: number): readonly KeyState[] {
    return this.#states.get(key) ?? [EMPTY]
  }

  #add(key: number, { begin, end }: LoggedWrite): void {
    // A touch that found nothing changed nothing.
    if (begin.kind === 'touch' && end?.done === false) return
    const states = this.#states.get(key) ?? [EMPTY]
    this.#states.set(key, states)
    const { ttl, wall } = begin
    states.push({
      began: begin.time,
      committed: end?.time ?? Infinity,
      versions: versionsAfter(begin, states),
      expiry: ttl === null ? null : [wall + ttl, end === undefined ? Infinity : end.wall + ttl],
    })
  }
}

function versionsAfter(
  { kind, sequence }: LoggedWrite['begin'],
  states: readonly KeyState[],
): readonly number[] {
  if (kind === 'set') return [sequence]
  if (kind !== 'touch') return []
  const certain = states.findLastIndex(({ committed }) => committed !== Infinity)
  return states.slice(certain).flatMap(({ versions }) => versions)
}
