import { rounded } from '../comparisons/measure-groups.ts'
import { durationText } from '../duration-text.ts'
import { atMost } from '../goal.ts'
import { goalResult } from '../report/goal-result.ts'
import type { Part } from '../report/part.ts'
import type { Section } from '../report/section.ts'
import { median } from '../statistics.ts'
import { type EventLoopPlan, type EventLoopRound, measureEventLoop } from './measure-event-loop.ts'
import type { TickingReport } from './ticking-report.ts'

const NAME = 'event-loop'

const FULL: EventLoopPlan = { rounds: 5, hold: 3_000, around: 1_000 }

const QUICK: EventLoopPlan = { rounds: 1, hold: 400, around: 600 }

/** The event loop of a process that uses promises while another one has the lock. */
export const EVENT_LOOP_PART: Part = {
  name: NAME,
  minutes: 0.6,
  async run(context) {
    const plan = context.quick ? QUICK : FULL
    return sectionOf(plan, await measureEventLoop(plan, context))
  },
}

function sectionOf({ hold, rounds }: EventLoopPlan, found: readonly EventLoopRound[]): Section {
  const [busy, idle] = [found.map((round) => round.busy), found.map((round) => round.idle)]
  const gaps = { busy: gapOf(busy), idle: gapOf(idle) }
  return {
    title: 'The event loop while another process has the lock',
    introduction: `A process keeps 20 \`promises.set\` in flight, some of them of values that become files, and a \`promises.get\`, and begins again a millisecond after the last is done. A timer ticks every 10 ms. Meanwhile another process has the write lock for ${hold / 1e3} s. The gap is the longest time between two ticks; the process beside it does nothing but tick, and its gap is the machine’s own. Medians of ${rounds} rounds.`,
    tables: [
      {
        title: 'Largest gap of a timer of 10 ms',
        columns: [
          { head: 'process', align: 'left' },
          { head: 'largest gap' },
          { head: 'operations' },
          { head: 'longest operation' },
        ],
        rows: [rowOf('uses `promises`', busy), rowOf('does nothing', idle)],
      },
    ],
    charts: [],
    goals: [
      goalResult({
        work: `largest gap of the event loop, using promises while another process has the lock for ${hold / 1e3} s`,
        goal: atMost(50),
        measured: gaps.busy,
        unit: 'ms',
        part: NAME,
        note: `A process that does nothing: ${durationText(gaps.idle * 1e6)}.`,
      }),
    ],
    data: found.map((round) => ({ busy: dataOf(round.busy), idle: dataOf(round.idle) })),
  }
}

function rowOf(name: string, reports: readonly TickingReport[]): string[] {
  const operations = median(reports.map((report) => report.operations))
  const longest = median(reports.map((report) => report.longest))
  return [
    name,
    durationText(gapOf(reports) * 1e6),
    operations === 0 ? '–' : Math.round(operations).toLocaleString('en'),
    operations === 0 ? '–' : durationText(longest * 1e6),
  ]
}

function gapOf(reports: readonly TickingReport[]): number {
  return median(reports.map(({ largestGap }) => largestGap))
}

function dataOf({ largestGap, operations, longest }: TickingReport): TickingReport {
  return { largestGap: rounded(largestGap), operations, longest: rounded(longest) }
}
