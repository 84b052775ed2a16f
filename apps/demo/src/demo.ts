import { resolve } from 'node:path'
import { Cache } from '@diskcache/cache'
import { compare, describeFirst, keepFirstRun, readFirstRun } from './analysis/first-run.ts'
import { report } from './analysis/report.ts'
import { survey } from './analysis/survey.ts'
import { raceCounters } from './counter/counter-race.ts'
import { findProblem } from './crawl/crawl-run.ts'
import { crawlTable } from './crawl/crawl-table.ts'
import { crawlWebsite } from './crawl/crawl-website.ts'
import { say } from './output/say.ts'

const DIRECTORY = resolve(import.meta.dirname, '../.cache')
const DEPENDENCIES = resolve(import.meta.dirname, '../../../node_modules')

/**
 * Analyses the repository's dependencies by several processes that share one cache; lets processes race; then crawls a
 * website by several processes that are killed on the way.
 */
export async function runDemo({ isFresh }: { isFresh: boolean }): Promise<void> {
  using cache = new Cache(DIRECTORY)
  if (isFresh) cache.clear()
  await analyseDependencies(cache)
  if (!(await raceCounters(say))) throw new Error('Increments inside a transaction were lost')
  await crawlDocumentation()
  say(`\nThe results are in a cache. Look at them in a browser:\n\n  ${INSPECT}\n`)
}

async function analyseDependencies(cache: Cache): Promise<void> {
  const isFirst = cache.size === 0
  const first = readFirstRun(cache)
  const { findings, run } = await survey(cache, DEPENDENCIES, process.stdout)
  if (isFirst) keepFirstRun(cache, run)
  say(report(findings, run, cache))
  say(isFirst ? describeFirst(run) : compare(run, first))
}

async function crawlDocumentation(): Promise<void> {
  const run = await crawlWebsite(DEPENDENCIES, process.stdout)
  say(crawlTable(run))
  const problem = findProblem(run)
  if (problem !== undefined) throw new Error(problem)
}

/** What shows the directory in a browser. */
const INSPECT = 'npx -y pnpm@12 diskcache inspect apps/demo/.cache'
