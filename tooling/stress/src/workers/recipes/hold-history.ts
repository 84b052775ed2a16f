import { appendFileSync, readFileSync } from 'node:fs'

/**
 * - `held`: from when it was asked for, to a moment at which `check()` did not throw
 * - `left`: is about to be released, and was held until then
 * - `lost`: the holder was told so
 * - `trying`: begins to write under its token, which `stored` and `refused` tell the outcome of
 */
type Kind = 'held' | 'left' | 'lost' | 'trying' | 'stored' | 'refused'

/** Something that happened to a hold; times in nanoseconds of the clock that all processes share. */
export interface Moment {
  readonly kind: Kind
  /** Of the hold, and nobody else's. */
  readonly id: string
  readonly token: number
  readonly begin: bigint
  readonly end: bigint
}

/** A line of a file that several processes share, written in one go, so that it outlives a kill. */
export function note(path: string, { kind, id, token, begin, end }: Moment): void {
  appendFileSync(path, `${kind} ${id} ${token} ${begin} ${end}\n`)
}

export function momentsIn(path: string): Moment[] {
  const lines = readFileSync(path, 'utf8').trimEnd().split('\n')
  return lines.map((line) => {
    const [kind, id = '', token, begin = '', end = ''] = line.split(' ')
    return { kind: kind as Kind, id, token: Number(token), begin: BigInt(begin), end: BigInt(end) }
  })
}
