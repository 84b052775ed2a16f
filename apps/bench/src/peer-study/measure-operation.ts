import { type Latencies, percentile } from '../peers/latencies.ts'
import { keysPerCall, type Operation } from '../peers/peer-operation.ts'
import { median, medianRatio } from '../statistics.ts'
import type { Crew, Member } from './crew.ts'

/** How long to measure one operation of all peers. */
export interface PeerEffort {
  readonly milliseconds: number
  readonly fewestRounds: number
  /** Milliseconds that a peer has for itself in a round. */
  readonly slice: number
  /** How often a peer is asked to find out how many calls fit a slice. */
  readonly attempts: number
}

export interface Figure {
  readonly peer: string
  /** Median of the rounds, for one key. */
  readonly microseconds: number
  /** Median over the rounds of its time relative to ours of the same round. */
  readonly ratio: number
  /** Of single calls, in microseconds; only where calls are single. */
  readonly p50?: number
  readonly p99?: number
}

/** So much of a slice is for single calls, whose timing costs something itself. */
const SINGLE_SHARE = 1 / 4

const MOST_CALLS = 1_000_000

/** Those are set again outside of the timing. */
const MOST_DELETED = 100

const MOST_GROWTH = 10

interface Runner {
  readonly member: Member
  readonly operation: Operation
  /** In a slice. */
  readonly calls: number
  /** Seconds for one key, a round each. */
  readonly times: number[]
  readonly latencies: Latencies[]
}

/** What ours is asked while the others have calls in flight, which it, being synchronous, has not. */
const ONE_BY_ONE: Partial<Record<Operation, Operation>> = { getFlight: 'get', setFlight: 'set' }

/**
 * Rounds A B C … A B C … of all members that have the operation, the first of which is ours: whatever else the machine
 * does, a round has all of them.
 */
export async function measureOperation(
  crew: Crew,
  members: readonly Member[],
  operation: Operation,
  effort: PeerEffort,
): Promise<Figure[]> {
  let runners: Runner[] = []
  for (const member of members) {
    const own = member === crew.members[0] ? (ONE_BY_ONE[operation] ?? operation) : operation
    if (!member.operations.has(own)) continue
    await crew.attempt(member, operation, async () => {
      const calls = await callsInSlice(member, own, effort)
      runners.push({ member, operation: own, calls, times: [], latencies: [] })
    })
  }
  const end = performance.now() + effort.milliseconds
  for (let round = 0; round < effort.fewestRounds || performance.now() < end; round++) {
    const left: Runner[] = []
    for (const runner of runners)
      if (await crew.attempt(runner.member, operation, () => runSlice(runner))) left.push(runner)
    runners = left
  }
  return runners.map((runner) => figureOf(runner, runners[0]!))
}

/** Warms up, too: what the first calls take says little, so it asks again with what it learnt from them. */
async function callsInSlice(
  member: Member,
  operation: Operation,
  { slice, attempts }: PeerEffort,
): Promise<number> {
  const most = operation === 'delete' ? MOST_DELETED : MOST_CALLS
  let calls = 1
  for (let attempt = 0; attempt < attempts; attempt++) {
    const milliseconds = Number(await member.processes[0].ask(`${operation} ${calls}`)) * 1e3
    const fitting = Math.min(calls * MOST_GROWTH, Math.round((calls * slice) / milliseconds))
    calls = Math.max(1, Math.min(most, fitting))
  }
  return calls
}

async function runSlice({ member, operation, calls, times, latencies }: Runner): Promise<void> {
  const [process] = member.processes
  times.push(Number(await process.ask(`${operation} ${calls}`)) / (calls * keysPerCall(operation)))
  if (keysPerCall(operation) > 1) return
  latencies.push((await process.ask(`each ${operation} ${Math.ceil(calls * SINGLE_SHARE)}`)) as Latencies)
}

function figureOf({ member, times, latencies }: Runner, ours: Runner): Figure {
  const figure = {
    peer: member.peer.name,
    microseconds: median(times) * 1e6,
    ratio: medianRatio(times, ours.times),
  }
  if (latencies.length === 0) return figure
  return { ...figure, p50: percentile(0.5, latencies) * 1e3, p99: percentile(0.99, latencies) * 1e3 }
}
