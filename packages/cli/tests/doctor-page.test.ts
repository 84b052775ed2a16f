import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { AILMENTS } from '../src/doctor/doctor.ts'
import type { Ailment } from '../src/doctor/findings/ailment.ts'

const PAGE = new URL('../../../apps/docs/cli-doctor.md', import.meta.url)

/** Returns the cells of a row of a table, without the marks that are for Markdown alone. */
function cellsOf(line: string): string[] {
  return line
    .split(/(?<!\\)\|/)
    .slice(1, -1)
    .map((cell) => cell.trim().replace(/\\([^\w\s])/g, '$1'))
}

function rowOf({ id, sign, what, why, wayOut }: Ailment): string[] {
  return [`\`${id}\``, sign, what, why, wayOut]
}

test('the page of the doctor has every ailment, as the source has it', () => {
  const lines = readFileSync(PAGE, 'utf8')
    .split('\n')
    .filter((line) => line.startsWith('| `'))
  expect(lines.map(cellsOf)).toEqual(Object.values(AILMENTS).flatMap((ailments) => ailments.map(rowOf)))
})

test('every ailment has an id of its own', () => {
  const ids = Object.values(AILMENTS).flatMap((ailments) => ailments.map(({ id }) => id))
  expect(new Set(ids).size).toBe(ids.length)
})
