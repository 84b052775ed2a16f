/** Analyses the repository's dependencies by several processes that share one cache; then lets processes race. */
import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { Cache } from '@diskcache/cache'
import { raceCounters } from './counter-race.ts'
import { compare, describeFirst, keepFirstRun, readFirstRun } from './first-run.ts'
import { report } from './report.ts'
import { survey } from './survey.ts'

const DIRECTORY = resolve(import.meta.dirname, '../.cache')
const DEPENDENCIES = resolve(import.meta.dirname, '../../../node_modules')

async function main(): Promise<boolean> {
  const { values } = parseArgs({ options: { fresh: { type: 'boolean', default: false } } })
  using cache = new Cache(DIRECTORY)
  if (values.fresh) cache.clear()
  await analyseDependencies(cache)
  return raceCounters(console.log)
}

async function analyseDependencies(cache: Cache): Promise<void> {
  const isFirst = cache.size === 0
  const first = readFirstRun(cache)
  const { findings, run } = await survey(cache, DEPENDENCIES, process.stdout)
  if (isFirst) keepFirstRun(cache, run)
  console.log(report(findings, run, cache))
  console.log(isFirst ? describeFirst(run) : compare(run, first))
}

try {
  if (!(await main())) throw new Error('Increments inside a transaction were lost')
} catch (error) {
  console.error(`The demo failed. ${error instanceof Error ? error.message : error}`)
  process.exitCode = 1
}
