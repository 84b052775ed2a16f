import { crowdChart } from '../charts/crowd-chart.ts'
import { countText, millisecondsText } from '../report/figure-text.ts'
import { tableOf } from '../report/table.ts'
import type { Part } from '../running/part.ts'
import { type CrowdPlan, runCrowd, summarizeCrowd } from '../study/crowd-study.ts'
import type { CrowdRecording } from '../worker/crowd-service.ts'
import { CROWD_STRATEGIES, STRATEGIES, type Strategy } from '../worker/strategies.ts'

/** Few callers over time, and a crowd that wants a page which expires; of the latter all begin at once, too (_cold_). */
const FULL = {
  page: { processes: 5, callers: 2, work: 200, ttl: 1_000, pause: 10, duration: 10_000, isWarm: true },
  crowd: { processes: 8, callers: 25, work: 200, ttl: 1_000, pause: 50, duration: 10_000, isWarm: true },
}

const QUICK: typeof FULL = {
  page: { processes: 1, callers: 2, work: 50, ttl: 200, pause: 10, duration: 400, isWarm: true },
  crowd: { processes: 2, callers: 5, work: 50, ttl: 200, pause: 20, duration: 400, isWarm: true },
}

/** Each way to keep a page that everybody wants; fills the page of the recipes, too. */
export const STAMPEDE_PART: Part = {
  name: 'stampede',
  minutes: 2.4,
  async run({ quick, progress }) {
    const { page, crowd } = quick ? QUICK : FULL
    const total = STRATEGIES.length + 2 * CROWD_STRATEGIES.length
    let done = 0
    const runAll = async (strategies: readonly Strategy[], plan: CrowdPlan) => {
      const found = new Map<string, CrowdRecording>()
      for (const { name } of strategies) {
        progress(done++, total, name)
        found.set(name, await runCrowd(name, plan))
      }
      return found
    }
    const few = await runAll(STRATEGIES, page)
    const cold = await runAll(CROWD_STRATEGIES, { ...crowd, duration: 0, isWarm: false })
    const many = await runAll(CROWD_STRATEGIES, crowd)
    return {
      title: 'A stampede',
      introduction: `${callersText(page)}, and then ${callersText(crowd)}, want a page that takes ${page.work} ms to make and is kept for ${millisecondsText(page.ttl)}. They ask, pause, and ask again for ${page.duration / 1e3} s; _cold_, all of the crowd want it at once and nobody has made it yet. A _run_ is a time at which it was really made.`,
      tables: [
        summaryTable('A page that everybody wants', 'stampede-page', few),
        summaryTable('A crowd, cold', 'stampede-cold', cold),
        summaryTable('A crowd, for ten periods', 'stampede-crowd', many),
      ],
      charts: [crowdChart('recipes/stampede-study.svg', few, page.duration)],
    }
  },
}

function callersText({ processes, callers }: CrowdPlan): string {
  return `${processes * callers} callers in ${processes} processes`
}

function summaryTable(title: string, block: string, found: ReadonlyMap<string, CrowdRecording>) {
  const rows = Array.from(found, ([name, recording]) => ({ name, ...summarizeCrowd(recording) }))
  return tableOf(
    title,
    rows,
    {
      way: ({ name }) => name,
      calls: ({ calls }) => countText(calls),
      runs: ({ runs }) => countText(runs),
      'at a time': ({ concurrency }) => countText(concurrency),
      p50: ({ p50 }) => millisecondsText(p50),
      p99: ({ p99 }) => millisecondsText(p99),
      'slowest call': ({ slowest }) => millisecondsText(slowest),
    },
    { block },
  )
}
