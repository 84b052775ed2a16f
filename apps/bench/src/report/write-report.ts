import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { chartSvg } from './chart-svg.ts'
import { jsonText } from './json-text.ts'
import { CHARTS, type OutputPlace } from './output-place.ts'
import type { PartResult } from './part-result.ts'
import { chartsOf, reportPage } from './report-page.ts'

/** What an earlier run left; nothing where there was none. */
export function readResults({ results }: OutputPlace): PartResult[] {
  try {
    return JSON.parse(readFileSync(results, 'utf8')).parts
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return []
    throw new Error(`Cannot read the earlier results in ${results}`, { cause: error })
  }
}

/** Writes the results, the charts and the page; charts of an earlier report that this one has not are removed. */
export async function writeReport(results: readonly PartResult[], place: OutputPlace): Promise<void> {
  mkdirSync(dirname(place.results), { recursive: true })
  writeFileSync(place.results, jsonText({ parts: results }))
  mkdirSync(place.charts, { recursive: true })
  const charts = chartsOf(results)
  const names = new Set(charts.map(({ name }) => `${name}.svg`))
  for (const file of readdirSync(place.charts)) {
    if (file.endsWith('.svg') && !names.has(file)) rmSync(join(place.charts, file))
  }
  for (const chart of charts) writeFileSync(join(place.charts, `${chart.name}.svg`), await chartSvg(chart))
  writeFileSync(place.page, reportPage(results, CHARTS))
}
