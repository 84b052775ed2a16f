/**
 * Analyses the repository's dependencies by several processes that share one cache; lets processes race; then crawls a
 * website by several processes that are killed on the way.
 */
import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { Cache } from '@diskcache/cache'
import { compare, describeFirst, keepFirstRun, readFirstRun } from './analysis/first-run.ts'
import { report } from './analysis/report.ts'
import { survey } from './analysis/survey.ts'
import { raceCounters } from './counter/counter-race.ts'
import { findProblem } from './crawl/crawl-run.ts'
import { crawlTable } from './crawl/crawl-table.ts'
import { crawlWebsite } from './crawl/crawl-website.ts'

const DIRECTORY = resolve(import.meta.dirname, '../.cache')
const DEPENDENCIES = resolve(import.meta.dirname, '../../../node_modules')

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { fresh: { type: 'boolean', default: false } } })
  using cache = new Cache(DIRECTORY)
  if (values.fresh) cache.clear()
  await analyseDependencies(cache)
  if (!(await raceCounters(console.log))) throw new Error('Increments inside a transaction were lost')
  await crawlDocumentation()
  console.log(`\nThe results are in a cache. Look at them in a browser:\n\n  ${INSPECT}\n`)
}

async function analyseDependencies(cache: Cache): Promise<void> {
  const isFirst = cache.size === 0
  const first = readFirstRun(cache)
  const { findings, run } = await survey(cache, DEPENDENCIES, process.stdout)
  if (isFirst) keepFirstRun(cache, run)
  console.log(report(findings, run, cache))
  console.log(isFirst ? describeFirst(run) : compare(run, first))
}

async function crawlDocumentation(): Promise<void> {
  const run = await crawlWebsite(DEPENDENCIES, process.stdout)
  console.log(crawlTable(run))
  const problem = findProblem(run)
  if (problem !== undefined) throw new Error(problem)
}

/** What shows the directory in a browser. */
const INSPECT = 'npx -y pnpm@12 diskcache inspect apps/demo/.cache'

try {
  await main()
} catch (error) {
  console.error(`The demo failed. ${error instanceof Error ? error.message : error}`)
  process.exitCode = 1
}
