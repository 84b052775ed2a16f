import { durationText } from '../duration-text.ts'
import { percentile } from '../peers/latencies.ts'
import type { Peer } from '../peers/peer.ts'
import { LOAD_KINDS, type LoadKind } from '../peers/peer-service.ts'
import { type Extent, SMALL } from '../peers/peer-workload.ts'
import type { Part, PartContext } from '../report/part.ts'
import type { Chart, Section, Table } from '../report/section.ts'
import { median, medianRatio } from '../statistics.ts'
import { Crew, type Member } from './crew.ts'
import { ratioText } from './figure-tables.ts'
import { aheadTable } from './guarantees-table.ts'
import { serverGoals } from './server-goals.ts'
import { type Failures, failuresOf, lostWrites, type SharedLoad, sharedLoad } from './shared-load.ts'

interface Effort {
  readonly processes: number
  readonly milliseconds: number
  readonly fewestRounds: number
  /** Milliseconds that a peer has for itself in a round, for each kind of load. */
  readonly slice: number
  readonly extent: Extent
}

const FULL: Effort = { processes: 8, milliseconds: 150_000, fewestRounds: 3, slice: 400, extent: SMALL }
const QUICK: Effort = {
  processes: 2,
  milliseconds: 0,
  fewestRounds: 1,
  slice: 20,
  extent: { ...SMALL, keys: 100 },
}

/** A peer that is measured, with its loads, one a round. */
interface Contestant {
  readonly member: Member
  readonly loads: Record<LoadKind, SharedLoad[]>
  lost: number
}

/** A peer under one kind of load, over all rounds. */
interface SharedFigure {
  readonly peer: string
  /** Calls in a second, of all processes: the median. */
  readonly rate: number
  /** How many times as many ours made in the same round: the median. */
  readonly ratio: number
  /** Microseconds. */
  readonly p50: number
  readonly p99: number
  readonly longest: number
  readonly failures: Failures
}

/** Several processes on one store; of `peers` those that can be shared. */
export function processesPart(peers: readonly Peer[]): Part {
  return {
    name: 'processes',
    minutes: 4,
    async run(context) {
      const effort = context.quick ? QUICK : FULL
      const sharing = peers.filter(({ shared }) => shared)
      await using crew = await Crew.start(sharing, effort.processes, context)
      return sectionOf(crew, await measureAll(crew, effort, context), effort, context)
    },
  }
}

async function measureAll(crew: Crew, effort: Effort, context: PartContext): Promise<Contestant[]> {
  let contestants = (await crew.fill(effort.extent)).map((member): Contestant => {
    return { member, loads: { get: [], set: [], mixed: [] }, lost: 0 }
  })
  const began = performance.now()
  const elapsed = () => Math.min(effort.milliseconds, performance.now() - began)
  // The first round is run by code that has not been compiled yet.
  for (let round = -1; round < effort.fewestRounds || elapsed() < effort.milliseconds; round++) {
    const left: Contestant[] = []
    for (const contestant of contestants) {
      context.progress(elapsed(), effort.milliseconds, contestant.member.peer.name)
      const { member } = contestant
      const works = await crew.attempt(member, 'with others', () => runRound(contestant, round, effort))
      if (works) left.push(contestant)
    }
    contestants = left
  }
  for (const contestant of contestants)
    await crew.attempt(contestant.member, 'what is lost', async () => {
      contestant.lost = await lostWrites(contestant.member)
    })
  return contestants
}

async function runRound({ member, loads }: Contestant, round: number, { slice }: Effort): Promise<void> {
  for (const kind of LOAD_KINDS) {
    const load = await sharedLoad(member, kind, round < 0 ? slice / 4 : slice)
    if (round >= 0) loads[kind].push(load)
  }
}

/** Without those of which no call succeeded in some round: there is no ratio to nothing. */
function figuresOf(kind: LoadKind, contestants: readonly Contestant[]): SharedFigure[] {
  const rates = ({ loads }: Contestant) => loads[kind].map(({ rate }) => rate)
  const working = contestants.filter((contestant) => !rates(contestant).includes(0))
  const [ours] = contestants
  if (ours === undefined) return []
  return working.map((contestant) => {
    const loads = contestant.loads[kind]
    const latencies = loads.flatMap((load) => load.latencies)
    return {
      peer: contestant.member.peer.name,
      rate: median(rates(contestant)),
      ratio: medianRatio(rates(ours), rates(contestant)),
      p50: percentile(0.5, latencies) * 1e3,
      p99: percentile(0.99, latencies) * 1e3,
      longest: Math.max(...loads.map(({ longest }) => longest)) * 1e3,
      failures: failuresOf(loads),
    }
  })
}

function sectionOf(
  crew: Crew,
  contestants: readonly Contestant[],
  { processes, slice }: Effort,
  context: PartContext,
): Section {
  const [get, set, mixed] = LOAD_KINDS.map((kind) => figuresOf(kind, contestants)) as [
    SharedFigure[],
    SharedFigure[],
    SharedFigure[],
  ]
  for (const { member } of contestants)
    if (!set.some(({ peer }) => peer === member.peer.name))
      context.skip(`${member.peer.name}, set by all processes`, 'in some round no call succeeded')
  return {
    title: `${processes} processes on one store`,
    introduction: `${processes} processes share one store of each peer, begin at an agreed moment, and make calls one after the other for ${slice} ms: first all read, then all write, then all do both, a write for every nine reads. Peers take turns, round after round. **Calls/s** are those of all processes together; **×** is how many times as many the \`Cache\` made in the same round, so that 2.00 is half as fast as ours. The longest call is the longest of all rounds. There are more processes than cores here unless the environment above says otherwise: a call also waits for its turn on one.`,
    tables: [
      loadTable('All read', get),
      loadTable('All write', set),
      aheadTable(crew.members, { get, set }),
      loadTable('Nine reads, one write', mixed),
      troublesTable(contestants),
    ],
    charts: [
      rateChart('processes-get', `get, ${processes} processes`, get),
      rateChart('processes-set', `set, ${processes} processes`, set),
      longestChart(`longest set, ${processes} processes`, set),
    ],
    goals: serverGoals(`in ${processes} processes`, 'processes', { get, set }),
    data: { quick: context.quick, processes, get, set, mixed, lost: lostOf(contestants) },
  }
}

function loadTable(title: string, figures: readonly SharedFigure[]): Table {
  return {
    title,
    columns: [
      { head: 'peer', align: 'left' },
      ...['calls/s', '×', 'p50', 'p99', 'longest'].map((head) => ({ head })),
    ],
    rows: figures.map(({ peer, rate, ratio, p50, p99, longest }) => [
      peer,
      Math.round(rate).toLocaleString('en'),
      ratioText(ratio),
      ...[p50, p99, longest].map((time) => durationText(time * 1e3)),
    ]),
  }
}

/** What went wrong under it, of all rounds together. */
function troublesTable(contestants: readonly Contestant[]): Table {
  return {
    title: 'What failed',
    columns: [
      { head: 'peer', align: 'left' },
      { head: 'misses' },
      { head: 'refused writes' },
      { head: 'lost writes' },
      { head: 'errors', align: 'left' },
    ],
    rows: contestants.map(({ member, loads, lost }) => {
      const { misses, refused, errors } = failuresOf(LOAD_KINDS.flatMap((kind) => loads[kind]))
      const counts = [misses, refused, lost].map((count) => count.toLocaleString('en'))
      const texts = Object.entries(errors).map(([text, times]) => `${text}: ${times.toLocaleString('en')}`)
      return [member.peer.name, ...counts, texts.join('; ') || 'none']
    }),
    notes:
      'Misses: reads that did not give a whole value, though no key is ever removed. Refused: a write that was answered with `false`. Lost: at the end each process writes 100 keys of its own while the others do, and its neighbour looks for them. Failed calls are in no other table, except that the longest may have failed.',
  }
}

function rateChart(name: string, title: string, figures: readonly SharedFigure[]): Chart {
  return {
    name,
    title,
    axis: 'calls a second',
    scale: 'logarithmic',
    kind: 'bars',
    points: figures
      .toSorted((a, b) => b.rate - a.rate)
      .map(({ peer, rate }) => ({ group: peer, series: title, value: rate })),
  }
}

function longestChart(title: string, figures: readonly SharedFigure[]): Chart {
  return {
    name: 'processes-longest-set',
    title,
    axis: 'ms',
    scale: 'logarithmic',
    kind: 'bars',
    points: figures
      .toSorted((a, b) => a.longest - b.longest)
      .map(({ peer, longest }) => ({ group: peer, series: title, value: longest / 1e3 })),
  }
}

function lostOf(contestants: readonly Contestant[]): Record<string, number> {
  return Object.fromEntries(contestants.map(({ member, lost }) => [member.peer.name, lost]))
}
