import { rounded } from '../comparisons/measure-groups.ts'
import { durationText } from '../duration-text.ts'
import { atMost, timesFaster } from '../goal.ts'
import { goalResult } from '../report/goal-result.ts'
import type { Part } from '../report/part.ts'
import type { Section } from '../report/section.ts'
import { measureWaits, type Waiting, type Waits, type WaitsPlan } from './measure-waits.ts'

const NAME = 'waits'

const FULL: WaitsPlan = { processes: 8, rounds: 7, duration: 4_000 }

const QUICK: WaitsPlan = { processes: 4, rounds: 1, duration: 400 }

const NAMES: Record<Waiting, string> = { sleep: 'diskcache', handler: 'SQLite’s busy handler' }

/** How long writers wait for each other. */
export const WAITS_PART: Part = {
  name: NAME,
  minutes: 1.5,
  async run(context) {
    const plan = context.quick ? QUICK : FULL
    return sectionOf(plan, await measureWaits(plan, context))
  },
}

function sectionOf({ processes, rounds, duration }: WaitsPlan, { figures, ...ratios }: Waits): Section {
  return {
    title: 'Waiting for the lock',
    introduction: `SQLite lets one process write at a time. ${processes} processes do nothing but \`set\`, as often as they can, for ${duration / 1e3} s, in ${rounds} rounds with each of two ways to wait: asleep for 1 to 5 ms, doubling and jittered, as the cache waits; and in SQLite’s own busy handler, whose steps grow to 100 ms. Schema, statements and code are the same: in the second way the same cache runs on connections that have SQLite’s timeout. Figures are medians of the rounds.`,
    tables: [
      {
        title: `${processes} processes that only set`,
        columns: [
          { head: 'who waits', align: 'left' },
          { head: 'sets a second' },
          { head: 'p50' },
          { head: 'p99' },
          { head: 'longest' },
        ],
        rows: figures.map(({ waiting, setsPerSecond, p50, p99, longest }) => [
          NAMES[waiting],
          Math.round(setsPerSecond).toLocaleString('en'),
          ...[p50, p99, longest].map((milliseconds) => durationText(milliseconds * 1e6)),
        ]),
      },
    ],
    charts: [
      {
        name: 'waits-longest',
        title: `The longest set of ${processes} processes that only set`,
        axis: 'ms',
        scale: 'linear',
        kind: 'bars',
        points: figures.map(({ waiting, longest }) => ({
          group: NAMES[waiting],
          series: 'longest',
          value: longest,
        })),
      },
    ],
    goals: [
      goalResult({
        work: `longest set among ${processes} writers, against SQLite’s own handler`,
        goal: atMost(0.25),
        measured: ratios.longestRatio,
        part: NAME,
      }),
      goalResult({
        work: `sets a second of ${processes} writers, against SQLite’s own handler`,
        goal: timesFaster(0.8),
        measured: ratios.throughputRatio,
        part: NAME,
      }),
    ],
    data: {
      figures: figures.map(({ waiting, setsPerSecond, p50, p99, longest }) => ({
        waiting,
        setsPerSecond: Math.round(setsPerSecond),
        p50: rounded(p50),
        p99: rounded(p99),
        longest: rounded(longest),
      })),
      ...ratios,
    },
  }
}
