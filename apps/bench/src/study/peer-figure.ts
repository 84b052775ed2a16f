import { percentile } from '../measuring/latencies.ts'
import { median, medianRatio } from '../measuring/statistics.ts'
import type { AnyPeer } from '../peers/peer.ts'
import { keysPerCall, type Operation } from '../worker/store-calls.ts'
import type { LoadResult } from '../worker/store-service.ts'
import type { Crew, Member } from './crew.ts'

export interface PeerEffort {
  readonly rounds: number
  /** Milliseconds that a peer has for itself in a round. */
  readonly slice: number
}

/** A peer at one operation; medians of the rounds. */
export interface PeerFigure {
  readonly peer: AnyPeer
  /** Keys in a second, of all processes together; and how many times as many ours did in the same round. */
  readonly rate: number
  readonly ratio: number
  /** Milliseconds of a call. */
  readonly p50: number
  readonly p99: number
  /** The longest call of a round; and how many times as long as ours. */
  readonly longest: number
  readonly longestRatio: number
  /** How often what went wrong. */
  readonly failures: Readonly<Record<string, number>>
}

/** What all processes of a peer did in the same moments. */
interface Round {
  readonly rate: number
  readonly longest: number
  readonly results: readonly LoadResult[]
}

/** Milliseconds; by then all processes have read what to do. */
const HEAD_START = 50

/** Asked of ours while the others have calls in flight, which it, being synchronous, has not. */
const ONE_BY_ONE: Partial<Record<Operation, Operation>> = { getFlight: 'get', setFlight: 'set' }

/**
 * Rounds A B C … A B C … of all members that have the operation, the first of which is ours: whatever else the machine
 * does, a round has all of them. The first round is run by code that has not been compiled yet, and is not counted.
 */
export async function peerFigures(
  crew: Crew,
  operation: Operation,
  { rounds, slice }: PeerEffort,
): Promise<PeerFigure[]> {
  const [ours, ...others] = crew.members
  const able = others.filter(({ operations }) => operations.has(operation))
  const found = new Map<Member, Round[]>([ours!, ...able].map((member) => [member, []]))
  for (let round = -1; round < rounds; round++)
    for (const [member, done] of found) {
      const own = member === ours ? (ONE_BY_ONE[operation] ?? operation) : operation
      const works = await crew.attempt(member.peer, `, ${operation}`, async () => {
        const result = await runRound(member, own, round < 0 ? slice / 2 : slice)
        if (round >= 0) done.push(result)
      })
      if (!works) found.delete(member)
    }
  return Array.from(found, ([{ peer }, done]) => figureOf(peer, done, found.get(ours!) ?? []))
}

async function runRound({ processes }: Member, operation: Operation, slice: number): Promise<Round> {
  const start = processes.length === 1 ? 0 : Date.now() + HEAD_START
  const asked = processes.map((process) => process.ask<LoadResult>('load', operation, start, slice))
  const results = await Promise.all(asked)
  const calls = results.reduce((sum, { calls, seconds }) => sum + calls / seconds, 0)
  if (calls === 0) throw new Error(`no call succeeded: ${Object.keys(failuresOf(results)).join(', ')}`)
  const longest = Math.max(...results.map((result) => result.longest))
  return { rate: calls * keysPerCall(operation), longest, results }
}

function figureOf(peer: AnyPeer, rounds: readonly Round[], ours: readonly Round[]): PeerFigure {
  const rates = (some: readonly Round[]) => some.map(({ rate }) => rate)
  const longests = (some: readonly Round[]) => some.map(({ longest }) => longest)
  const results = rounds.flatMap((round) => round.results)
  const latencies = results.map((result) => result.latencies)
  return {
    peer,
    rate: median(rates(rounds)),
    ratio: medianRatio(rates(ours), rates(rounds)),
    p50: percentile(0.5, latencies),
    p99: percentile(0.99, latencies),
    longest: median(longests(rounds)),
    longestRatio: medianRatio(longests(rounds), longests(ours)),
    failures: failuresOf(results),
  }
}

function failuresOf(results: readonly LoadResult[]): Record<string, number> {
  const all: Record<string, number> = {}
  for (const [text, times] of results.flatMap(({ failures }) => Object.entries(failures)))
    all[text] = (all[text] ?? 0) + times
  return all
}
