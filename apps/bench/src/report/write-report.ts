import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { chartSvg } from '../charts/chart-svg.ts'
import type { PartResult } from '../running/part-result.ts'
import { chartsOf, filledPage, filledTables } from './report-page.ts'

const DOCS = join(import.meta.dirname, '../../../docs')

/** Those that show what was measured. */
const PAGES = ['benchmarks.md', 'redis.md', 'memory.md', 'absent-stores.md', 'recipes/stampede-study.md']

/** Writes the tables of parts that were run by themselves into the pages, with what they were measured on, and draws their charts. */
export async function writeTables(results: readonly PartResult[]): Promise<void> {
  for (const path of PAGES.map((name) => join(DOCS, name)))
    writeFileSync(path, filledTables(readFileSync(path, 'utf8'), results))
  await writeCharts(results)
}

/** Writes the figures into the pages of the documentation, and draws their charts. */
export async function writeReport(results: readonly PartResult[]): Promise<void> {
  for (const path of PAGES.map((name) => join(DOCS, name)))
    writeFileSync(path, filledPage(readFileSync(path, 'utf8'), results))
  await writeCharts(results)
  console.log('\nWrote the pages and charts in apps/docs')
}

async function writeCharts(results: readonly PartResult[]): Promise<void> {
  for (const chart of chartsOf(results)) writeFileSync(join(DOCS, chart.file), await chartSvg(chart))
}
