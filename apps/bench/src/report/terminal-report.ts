import type { PartResult } from '../running/part-result.ts'
import { goalsTable } from './goals-table.ts'
import { goalsOf, skippedTexts, tableText } from './report-page.ts'
import type { Table } from './table.ts'

/** The goals, what was skipped and what failed, for a terminal; and all tables, where details are wanted. */
export function terminalReport(results: readonly PartResult[], details: boolean): string {
  const goals = goalsOf(results)
  return [
    ...(details ? results.flatMap(sectionLines) : []),
    ...(goals.length === 0 ? [] : tableLines(goalsTable(goals))),
    ...results.flatMap(skippedTexts).map(plain),
    ...results.flatMap(({ name, error }) => (error === undefined ? [] : [`failed: ${name}: ${error}`])),
  ].join('\n')
}

function sectionLines({ section }: PartResult): string[] {
  if (section === undefined) return []
  return [`\n# ${section.title}\n`, plain(section.introduction), ...section.tables.flatMap(tableLines)]
}

function tableLines({ title, notes = '', ...table }: Table): string[] {
  const rows = table.rows.map((cells) => cells.map(plain))
  return [`\n## ${plain(title)}\n`, tableText({ ...table, title, rows }), plain(notes)]
}

/** Markdown, without its marks. */
function plain(markdown: string): string {
  return markdown.replaceAll(/\*\*|`/g, '').replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1')
}
