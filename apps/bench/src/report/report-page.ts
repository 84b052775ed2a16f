import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Verdict } from '../goal.ts'
import type { GoalResult } from './goal-result.ts'
import { goalsTable } from './goals-table.ts'
import { markdownTable } from './markdown-table.ts'
import type { PartResult } from './part-result.ts'
import type { Chart, Section, Table } from './section.ts'

const TEMPLATE = join(import.meta.dirname, 'page-template.md')

/** The page of the documentation, as Markdown; its charts lie in the folder `charts` beside it. */
export function reportPage(results: readonly PartResult[], charts: string): string {
  const goals = results.flatMap(({ section }) => section?.goals ?? [])
  const texts: Record<string, string> = {
    warning: warningText(results),
    summary: summaryText(results, goals),
    goals: goals.length === 0 ? '' : tableText(goalsTable(goals)),
    parts: results.map((result) => partText(result, charts)).join('\n\n'),
    environment: environmentText(results),
    runs: tableText(runsTable(results)),
    skipped: skippedText(results),
  }
  const page = readFileSync(TEMPLATE, 'utf8').replaceAll(
    /\{\{(\w+)\}\}/g,
    (_, name: string) => texts[name] ?? '',
  )
  return page.replaceAll(/\n{3,}/g, '\n\n')
}

function warningText(results: readonly PartResult[]): string {
  const quick = results.filter(({ quick }) => quick).map(({ name }) => `\`${name}\``)
  if (quick.length === 0) return ''
  return `> **Not final:** a quick run, which only shows that everything runs, measured ${listText(quick)}. These figures are worth little.`
}

function summaryText(results: readonly PartResult[], goals: readonly GoalResult[]): string {
  const count = (wanted: Verdict) => goals.filter(({ verdict }) => verdict === wanted).length
  const held = count('met') + count('reached')
  const failed = results.filter(({ section }) => section === undefined).map(({ name }) => `\`${name}\``)
  const missing = failed.length === 0 ? '' : ` Nothing was measured by ${listText(failed)}, which failed.`
  return `${held} of ${goals.length} goals hold, ${count('reached')} of them with their second figure too.${missing}`
}

function partText({ name, section, error }: PartResult, charts: string): string {
  if (section === undefined) return `## ${name}\n\nNot measured: ${error ?? 'it failed'}.`
  const { title, introduction, tables } = section
  return [
    `## ${title}`,
    introduction,
    ...drawn(section).map((chart) => chartText(chart, charts)),
    ...tables.map((table) => `### ${table.title}\n\n${tableText(table)}`),
    `\`npx -y pnpm@12 bench --only ${name}\` measures this part.`,
  ].join('\n\n')
}

function chartText({ name, title, axis }: Chart, charts: string): string {
  return `![${title}: ${axis}](${charts}/${name}.svg)`
}

function tableText({ columns, rows, notes }: Pick<Table, 'columns' | 'rows' | 'notes'>): string {
  return [markdownTable(columns, rows), ...(notes === undefined ? [] : [notes])].join('\n\n')
}

function environmentText(results: readonly PartResult[]): string {
  return [...new Set(results.map(({ environment }) => environment))].map((line) => `${line}.`).join('\n\n')
}

function runsTable(results: readonly PartResult[]): Table {
  return {
    title: 'Runs',
    columns: [
      { head: 'part', align: 'left' },
      { head: 'begun', align: 'left' },
      { head: 'minutes' },
      { head: 'load when it began' },
    ],
    rows: results.map(({ name, begun, minutes, load, quick }) => [
      `\`${name}\`${quick ? ', quick' : ''}`,
      `${begun.slice(0, 16).replace('T', ' ')} UTC`,
      minutes.toFixed(1),
      load.toFixed(1),
    ]),
    notes: 'The load is how many processes wanted a core, on average over the minute before.',
  }
}

function skippedText(results: readonly PartResult[]): string {
  const lines = results.flatMap(({ name, skipped }) =>
    skipped.map((skip) => `- ${skip.name}, in \`${name}\`: ${skip.reason}`),
  )
  return lines.length === 0 ? 'Nothing was skipped.' : `Skipped:\n\n${lines.join('\n')}`
}

function listText(names: readonly string[]): string {
  return new Intl.ListFormat('en').format(names)
}

/** All charts of a report. */
export function chartsOf(results: readonly PartResult[]): readonly Chart[] {
  return results.flatMap(({ section }) => (section === undefined ? [] : drawn(section)))
}

/** Where all that a chart was to show was skipped, it is left out. */
function drawn({ charts }: Section): readonly Chart[] {
  return charts.filter(({ points }) => points.length > 0)
}
