/**
 * Measures how often a popular value is computed, and how long callers wait for it; writes a page of the documentation.
 * With `--quick` it shows in forty seconds that everything runs, and writes nothing.
 */
import { writeFileSync } from 'node:fs'
import { loadavg } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { environment } from '../environment.ts'
import type { Recording } from './recording.ts'
import { runStudy, type StudyPlan } from './run-study.ts'
import { CROWD_STRATEGIES, STRATEGIES, type Strategy } from './strategies.ts'
import { studyChart } from './study-chart.ts'
import { studyPage } from './study-page.ts'
import { type StudySummary, summarizeStudy } from './study-summary.ts'

const DOCS = join(import.meta.dirname, '../../../docs/recipes')

const { values } = parseArgs({ options: { quick: { type: 'boolean', default: false } } })

/** Ten times as long as the page is kept; milliseconds. */
const duration = values.quick ? 2_000 : 10_000

const PAGE = { work: 200, ttl: 1_000 }
const LANDING_PAGE: StudyPlan = { ...PAGE, processes: 5, callers: 2, pause: 10, duration, isWarm: true }
const CROWD = { ...PAGE, processes: 8, callers: 25, pause: 50 }
const COLD_KEY: StudyPlan = { ...CROWD, duration: 0, isWarm: false }
const EXPIRING_KEY: StudyPlan = { ...CROWD, duration, isWarm: true }

const load = loadavg()[0]!.toFixed(1)
const landingPage = await runAll('landing page', STRATEGIES, LANDING_PAGE)
const coldKey = await runAll('cold key', CROWD_STRATEGIES, COLD_KEY)
const expiringKey = await runAll('expiring key', CROWD_STRATEGIES, EXPIRING_KEY)

if (!values.quick) writePage()

function writePage(): void {
  const page = studyPage({
    landingPage: summaries(landingPage),
    coldKey: summaries(coldKey),
    expiringKey: summaries(expiringKey),
    environment: `${environment()}; the load of the machine was ${load} when it began`,
  })
  const mostRuns = LANDING_PAGE.processes * LANDING_PAGE.callers
  writeFileSync(join(DOCS, 'stampede-study.md'), page)
  writeFileSync(join(DOCS, 'stampede-study.svg'), studyChart(landingPage, { duration, mostRuns }))
}

async function runAll(
  study: string,
  strategies: readonly Strategy[],
  plan: StudyPlan,
): Promise<Map<string, Recording>> {
  const recordings = new Map<string, Recording>()
  for (const { name } of strategies) {
    const recording = await runStudy(name, plan)
    recordings.set(name, recording)
    console.log(`${study}, ${name}:`, JSON.stringify(summarizeStudy(recording)))
  }
  return recordings
}

function summaries(recordings: ReadonlyMap<string, Recording>): Map<string, StudySummary> {
  return new Map(Array.from(recordings, ([name, recording]) => [name, summarizeStudy(recording)]))
}
