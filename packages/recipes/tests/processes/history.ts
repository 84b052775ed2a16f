import { appendFileSync, readFileSync } from 'node:fs'

/** Something that happened while a token was valid; times in nanoseconds of the clock that all processes share. */
interface Moment {
  readonly token: number
  readonly time: bigint
}

/** From the first to the last moment of a token. */
export interface Span {
  readonly token: number
  readonly begin: bigint
  readonly end: bigint
}

/** Lines of several processes in one file, each written in one go, so that it outlives a kill. */
export function note(path: string, { token, time }: Moment): void {
  appendFileSync(path, `${token} ${time}\n`)
}

/** The spans of all tokens, in the order in which they began. */
export function spansIn(path: string): Span[] {
  const spans = new Map<number, Span>()
  for (const line of readFileSync(path, 'utf8').trimEnd().split('\n')) {
    const [token = '', time = ''] = line.split(' ')
    const moment = BigInt(time)
    const { begin, end } = spans.get(Number(token)) ?? { begin: moment, end: moment }
    spans.set(Number(token), {
      token: Number(token),
      begin: moment < begin ? moment : begin,
      end: moment > end ? moment : end,
    })
  }
  return [...spans.values()].sort((a, b) => Number(a.begin - b.begin))
}

/** How many spans there were at a time at most. */
export function mostAtATime(spans: readonly Span[]): number {
  return Math.max(
    ...spans.map(({ begin }) => spans.filter((other) => other.begin <= begin && other.end >= begin).length),
  )
}
