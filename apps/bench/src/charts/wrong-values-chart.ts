import { barSpec } from './bar-chart.ts'
import { type Chart, OTHER, OWN } from './chart-svg.ts'

/** What was damaged of an engine, and in what part of the trials a wrong value came of it, in percent. */
export interface DamageTrials {
  readonly engine: string
  readonly damaged: string
  readonly wrong: number
}

/** Reads the table of damaged directories from its page; what Python wrote is not among it. */
export function damageTrials(page: string): DamageTrials[] {
  const table = /<!-- faults:flips -->\n\n([\s\S]*?)\n\n/.exec(page)?.[1] ?? ''
  const [head = [], , ...rows] = table.split('\n').map(cellsOf)
  const at = (name: string) => head.indexOf(name)
  return rows.map((cells) => {
    const [wrong, trials] = [cells[at('wrong value')]!, cells[at('trials')]!].map(leadingNumber)
    const [engine, damaged] = [cells[at('engine')]!, cells[at('damaged')]!]
    return { engine, damaged, wrong: (100 * wrong!) / trials! }
  })
}

/** A bar for each engine and part of a directory, in percent. */
export function wrongValuesChart(file: string, trials: readonly DamageTrials[]): Chart {
  const values = trials.map(({ engine, damaged, wrong }) => {
    const text = `${wrong.toFixed(wrong === 0 ? 0 : 1)} %`
    return { name: `${engine}: ${damaged}`, wrong, text, colour: engine === 'diskcache' ? OWN : OTHER }
  })
  const x = {
    field: 'wrong',
    type: 'quantitative',
    title: 'trials that gave a wrong value, %',
    scale: { domain: [0, 100] },
  }
  return { file, title: 'Wrong values after damage', spec: barSpec(values, { x }) }
}

function cellsOf(line: string): string[] {
  return line
    .split('|')
    .slice(1, -1)
    .map((cell) => cell.trim())
}

function leadingNumber(cell: string): number {
  return Number(/^[\d,]+/.exec(cell)?.[0].replaceAll(',', ''))
}
