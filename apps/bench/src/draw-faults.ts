/** Draws the chart of the page on faults anew, from its table. */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { chartSvg } from './charts/chart-svg.ts'
import { damageTrials, wrongValuesChart } from './charts/wrong-values-chart.ts'

const DOCS = join(import.meta.dirname, '../../docs')

const trials = damageTrials(readFileSync(join(DOCS, 'faults.md'), 'utf8'))
const chart = wrongValuesChart('faults/wrong-values.svg', trials)
writeFileSync(join(DOCS, chart.file), await chartSvg(chart))
