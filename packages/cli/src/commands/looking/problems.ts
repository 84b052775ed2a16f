import type { Problem } from '@diskcache/core'
import { type Column, printTable } from '../../terminal/table.ts'

const COLUMNS: readonly Column<Problem>[] = [
  {
    ...{ title: 'problem', cell: ({ kind }) => kind },
    style: (problem) => (isHarmless(problem) ? 'yellow' : 'red'),
  },
  { title: 'what', least: 20, cell: ({ message }) => message },
]

/** Prints what a check has found. */
export function printProblems(problems: readonly Problem[]): Promise<void> {
  return printTable(COLUMNS, problems)
}

/** Returns whether a problem is none: that Python, or a version before, has written entries without a checksum. */
export function isHarmless({ kind }: Problem): boolean {
  return kind === 'unverified'
}
