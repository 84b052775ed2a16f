import { barChart } from '../charts/bar-chart.ts'
import type { GoalResult } from '../measuring/goal.ts'
import type { Extent } from '../measuring/workload.ts'
import type { AnyPeer } from '../peers/peer.ts'
import type { Section } from '../report/section.ts'
import type { Part } from '../running/part.ts'
import { Crew } from '../study/crew.ts'
import { type PeerEffort, type PeerFigure, peerFigures } from '../study/peer-figure.ts'
import { figuresTable } from '../study/peer-tables.ts'
import type { Operation } from '../worker/store-calls.ts'

/** How many processes of each peer do what, and how often. */
export interface PeerWork extends PeerEffort {
  readonly processes: number
  /** Under the heads of their tables. */
  readonly operations: Readonly<Record<string, Operation>>
  readonly extent: Extent
}

export type Found = Readonly<Partial<Record<Operation, readonly PeerFigure[]>>>

export interface PeerPlan extends Pick<Part, 'name' | 'minutes'>, Pick<Section, 'title'> {
  /** The first is what the others are compared with. */
  readonly peers: readonly AnyPeer[]
  readonly full: PeerWork
  /** What a quick run does otherwise. */
  readonly quick: Partial<PeerWork>
  introductionOf(work: PeerWork): string
  goalsOf?(found: Found, work: PeerWork): GoalResult[]
  /** Operations that have a table in the documentation, and a chart. */
  readonly shown?: readonly Operation[]
  /** Tables beside those of the operations. */
  tablesOf?(present: readonly AnyPeer[]): Section['tables']
}

/** A part that lets peers take turns at operations. */
export function peerPart({ full, quick, peers, ...plan }: PeerPlan): Part {
  const { name, minutes, title, shown = [] } = plan
  return {
    name,
    minutes,
    async run(context) {
      const work = { ...full, ...(context.quick && quick) }
      const operations = Object.entries(work.operations)
      await using crew = new Crew(peers, context)
      await crew.start(peers, work.processes, work.extent)
      const found: Partial<Record<Operation, PeerFigure[]>> = {}
      for (const [done, [head, operation]] of operations.entries()) {
        context.progress(done, operations.length, head)
        found[operation] = await peerFigures(crew, operation, work)
      }
      const blockOf = (operation: Operation) =>
        shown.includes(operation) ? `${name}-${operation}` : undefined
      const tables = operations.map(([head, operation]) =>
        figuresTable(head, found[operation] ?? [], blockOf(operation)),
      )
      return {
        title,
        introduction: plan.introductionOf(work),
        tables: [...tables, ...(plan.tablesOf?.(crew.members.map(({ peer }) => peer)) ?? [])],
        charts: shown.map((operation) => rateChart(name, operation, found[operation] ?? [])),
        goals: plan.goalsOf?.(found, work) ?? [],
      }
    },
  }
}

/** From the fastest to the slowest. */
function rateChart(part: string, operation: Operation, figures: readonly PeerFigure[]) {
  const bars = figures
    .toSorted((a, b) => b.rate - a.rate)
    .map(({ peer, rate }) => ({ name: peer.name, value: 1e6 / rate, own: peer.own === true }))
  return barChart(`benchmarks/${part}-${operation}.svg`, operation, 'µs for a key', bars)
}
