import type { Chart } from '../charts/chart-svg.ts'
import { isMet } from '../measuring/goal.ts'
import type { PartResult } from '../running/part-result.ts'
import { goalsTable, type PartGoal } from './goals-table.ts'
import { markdownTable } from './markdown-table.ts'
import type { Table } from './table.ts'

/** Text of a page between `<!-- bench:NAME -->` and `<!-- /bench -->`. */
const BLOCK = /(<!-- bench:([\w-]+) -->\n).*?(<!-- \/bench -->)/gs

/** Puts what was measured in its places in a page of the documentation; a place whose part failed keeps what it has. */
export function filledPage(page: string, results: readonly PartResult[]): string {
  return filled(page, blocksOf(results))
}

/**
 * Puts the tables of some parts in their places, and what each was measured on in the place `NAME-circumstances`; what
 * is about all parts keeps what it has.
 */
export function filledTables(page: string, results: readonly PartResult[]): string {
  const circumstances = results
    .filter(({ section }) => section !== undefined)
    .map((result) => [`${result.name}-circumstances`, listText([result.circumstances])] as const)
  return filled(page, new Map([...tablesOf(results, []), ...circumstances]))
}

function filled(page: string, blocks: ReadonlyMap<string, string>): string {
  return page.replaceAll(BLOCK, (block, begin: string, name: string, end: string) => {
    const text = blocks.get(name)
    return text === undefined ? block : `${begin}\n${text}\n\n${end}`
  })
}

/** Everything that pages can show, by the names of their places. */
function blocksOf(results: readonly PartResult[]): Map<string, string> {
  return new Map([
    ['summary', summaryText(results)],
    ['circumstances', listText(results.map((result) => result.circumstances))],
    ['skipped', listText(results.flatMap(skippedTexts)) || 'Nothing was skipped.'],
    ...tablesOf(results, [goalsTable(goalsOf(results))]),
  ])
}

/** The introductions and tables of parts, and further tables. */
function tablesOf(results: readonly PartResult[], more: readonly Table[]): Map<string, string> {
  const tables = results.flatMap(({ section }) => section?.tables ?? [])
  const blocks = new Map<string, string>()
  for (const { name, section } of results)
    if (section !== undefined) blocks.set(`${name}-introduction`, section.introduction)
  for (const table of [...tables, ...more])
    if (table.block !== undefined) blocks.set(table.block, tableText(table))
  return blocks
}

export function goalsOf(results: readonly PartResult[]): PartGoal[] {
  return results.flatMap(({ name, section }) =>
    (section?.goals ?? []).map((goal) => ({ ...goal, part: name })),
  )
}

export function chartsOf(results: readonly PartResult[]): Chart[] {
  return results.flatMap(({ section }) => section?.charts ?? [])
}

export function tableText({ notes, ...table }: Table): string {
  return [markdownTable(table), ...(notes === undefined ? [] : [notes])].join('\n\n')
}

function summaryText(results: readonly PartResult[]): string {
  const goals = goalsOf(results)
  const met = goals.filter(({ goal, measured }) => isMet(goal, measured))
  const failed = results.filter(({ section }) => section === undefined).map(({ name }) => `\`${name}\``)
  const missing = failed.length === 0 ? '' : ` Nothing was measured by ${failed.join(', ')}: it failed.`
  return `${met.length} of ${goals.length} goals are met.${missing}`
}

export function skippedTexts({ name, skipped }: PartResult): string[] {
  return skipped.map((skip) => `skipped in ${name}: ${skip.name}, ${skip.reason}`)
}

/** A list without repetitions. */
function listText(lines: readonly string[]): string {
  return [...new Set(lines)].map((line) => `- ${line}`).join('\n')
}
