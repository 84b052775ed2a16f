import { textTable } from '../text-table.ts'
import { goalsTable } from './goals-table.ts'
import type { PartResult } from './part-result.ts'
import type { Table } from './section.ts'

/** All tables, what was skipped, and what failed, for a terminal. */
export function terminalReport(results: readonly PartResult[]): string {
  const goals = results.flatMap(({ section }) => section?.goals ?? [])
  return [
    ...results.flatMap(partLines),
    ...(goals.length === 0 ? [] : tableLines(goalsTable(goals))),
    ...results.flatMap(skippedLines),
    ...results.flatMap(failedLines),
  ].join('\n')
}

function partLines({ section }: PartResult): string[] {
  if (section === undefined) return []
  return [`\n${section.title}`, ...section.tables.flatMap(tableLines)]
}

function tableLines({ title, columns, rows, notes }: Table): string[] {
  const text = textTable(
    columns,
    rows.map((row) => row.map(plain)),
  )
  return [`\n${plain(title)}`, text, ...(notes === undefined ? [] : [plain(notes)])]
}

function skippedLines({ name, skipped }: PartResult): string[] {
  return skipped.map((skip) => `skipped in ${name}: ${plain(skip.name)}, ${plain(skip.reason)}`)
}

function failedLines({ name, error }: PartResult): string[] {
  return error === undefined ? [] : [`failed: ${name}: ${error}`]
}

/** Markdown, without its marks. */
function plain(markdown: string): string {
  return markdown.replaceAll(/\*\*|`/g, '').replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1')
}
