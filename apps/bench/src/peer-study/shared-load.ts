import type { Latencies } from '../peers/latencies.ts'
import type { LoadKind, LoadResult } from '../peers/peer-service.ts'
import type { Member } from './crew.ts'

/** All processes have read what to do by then. */
const LEAD = 50

/** What did not do what it should. */
export type Failures = Pick<LoadResult, 'misses' | 'refused' | 'errors'>

/** What all processes of a peer did in the same moments. */
export interface SharedLoad extends Failures {
  /** Calls in a second, of all processes together. */
  readonly rate: number
  readonly latencies: readonly Latencies[]
  /** Milliseconds. */
  readonly longest: number
}

/** All processes of `member` begin at an agreed moment and make calls for so many milliseconds. */
export async function sharedLoad(member: Member, kind: LoadKind, milliseconds: number): Promise<SharedLoad> {
  const line = `load ${kind} ${Date.now() + LEAD} ${milliseconds}`
  const asked = member.processes.map((process) => process.ask(line) as Promise<LoadResult>)
  const results = await Promise.all(asked)
  return {
    rate: results.reduce((sum, { calls, seconds }) => sum + calls / seconds, 0),
    latencies: results.map(({ latencies }) => latencies),
    longest: Math.max(...results.map(({ longest }) => longest)),
    ...failuresOf(results),
  }
}

/** All together. */
export function failuresOf(some: readonly Failures[]): Failures {
  const errors: Record<string, number> = {}
  for (const [text, times] of some.flatMap((one) => Object.entries(one.errors)))
    errors[text] = (errors[text] ?? 0) + times
  return {
    misses: some.reduce((sum, one) => sum + one.misses, 0),
    refused: some.reduce((sum, one) => sum + one.refused, 0),
    errors,
  }
}

/** So many keys a process sets, all at once with the others. */
const MARKS = 100

/** Writes of one process that the next one does not find, when all wrote at once and are done. */
export async function lostWrites({ processes }: Member): Promise<number> {
  await Promise.all(processes.map((process, i) => process.ask(`mark ${i} ${MARKS}`)))
  const seen = await Promise.all(
    processes.map((process, i) => process.ask(`seen ${(i + 1) % processes.length} ${MARKS}`)),
  )
  return processes.length * MARKS - seen.map(Number).reduce((sum, count) => sum + count, 0)
}
