import { durationText } from '../duration-text.ts'
import type { Part, PartContext } from '../report/part.ts'
import type { Section } from '../report/section.ts'
import { runStudy, type StudyPlan } from './run-study.ts'
import { CROWD_STRATEGIES } from './strategies.ts'
import { type StudySummary, summarizeStudy } from './study-summary.ts'

interface StampedePlan {
  readonly cold: StudyPlan
  readonly expiring: StudyPlan
}

const CROWD = { processes: 8, callers: 25, pause: 50 }

const FULL = planOf({ ...CROWD, work: 200, ttl: 1_000 }, 5_000)

const QUICK = planOf({ processes: 2, callers: 5, pause: 20, work: 50, ttl: 200 }, 500)

/** A crowd that wants a value which is slow to make. */
export const STAMPEDE_PART: Part = {
  name: 'stampede',
  minutes: 0.6,
  async run(context) {
    const plan = context.quick ? QUICK : FULL
    return sectionOf(plan, await measureAll(plan, context))
  },
}

/** What became of one strategy. */
interface Found {
  readonly name: string
  readonly cold: StudySummary
  readonly expiring: StudySummary
}

function planOf(plan: Omit<StudyPlan, 'duration' | 'isWarm'>, duration: number): StampedePlan {
  return { cold: { ...plan, duration: 0, isWarm: false }, expiring: { ...plan, duration, isWarm: true } }
}

async function measureAll({ cold, expiring }: StampedePlan, { progress }: PartContext): Promise<Found[]> {
  const found: Found[] = []
  for (const [done, { name }] of CROWD_STRATEGIES.entries()) {
    progress(done, CROWD_STRATEGIES.length, name)
    found.push({
      name,
      cold: summarizeStudy(await runStudy(name, cold)),
      expiring: summarizeStudy(await runStudy(name, expiring)),
    })
  }
  return found
}

function sectionOf({ expiring: plan }: StampedePlan, found: readonly Found[]): Section {
  const callers = plan.processes * plan.callers
  const seconds = plan.duration / 1e3
  return {
    title: 'A stampede',
    introduction: `${callers} callers in ${plan.processes} processes want a value that takes ${plan.work} ms to make. First, all of them want it at once and nobody has made it yet (_cold_). Then it is there, is kept for ${durationText(plan.ttl * 1e6)}, and for ${seconds} s they ask, pause for ${plan.pause} ms, and ask again. A _run_ is a time at which it was really made. The [landing page study](recipes/stampede-study.md) has more ways to do it, and shows them over time.`,
    tables: [
      {
        title: 'Runs, and how long callers wait',
        columns: [
          { head: 'way', align: 'left' },
          { head: 'cold: runs' },
          { head: 'slowest call' },
          { head: `${seconds} s: runs` },
          { head: 'at a time' },
          { head: 'p99' },
          { head: 'slowest call' },
        ],
        rows: found.map(({ name, cold, expiring }) => [
          name,
          String(cold.runs),
          durationText(cold.slowest * 1e6),
          String(expiring.runs),
          String(expiring.concurrency),
          durationText(expiring.p99 * 1e6),
          durationText(expiring.slowest * 1e6),
        ]),
      },
    ],
    charts: [
      {
        name: 'stampede-p99',
        title: `What one in a hundred calls waits at least, of a value that takes ${plan.work} ms to make`,
        axis: 'ms',
        scale: 'logarithmic',
        kind: 'bars',
        own: found.map(({ name }) => name),
        points: found.map(({ name, expiring }) => ({ group: name, series: 'p99', value: expiring.p99 })),
      },
    ],
    data: found,
  }
}
