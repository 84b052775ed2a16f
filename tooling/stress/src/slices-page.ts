import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { markdownTable } from './faults/page/markdown-table.ts'
import { GOAL, SIZE, tryFace } from './scenarios/slices.ts'
import { FACE_NAMES, type FaceName } from './workers/slices/face-names.ts'
import type { SlicesReport } from './workers/slices/slices.ts'

/** Tries every operation of every promise face and writes the figures into the page. */
const PAGE = fileURLToPath(new URL('../../../apps/docs/slices.md', import.meta.url))

const { values } = parseArgs({ options: { size: { type: 'string', default: String(SIZE) } } })
const directory = mkdtempSync(join(tmpdir(), 'diskcache-slices-'))
try {
  const size = Number(values.size)
  const reports = new Map<FaceName, SlicesReport[]>()
  for (const face of FACE_NAMES) reports.set(face, await tryFace({ directory, face, size, goal: GOAL }))
  const text = tableOf(reports)
  console.log(text)
  writeFileSync(PAGE, fill(readFileSync(PAGE, 'utf8'), text))
} finally {
  rmSync(directory, { recursive: true, force: true })
}

/** Returns a row for each operation, with a column for each face. */
function tableOf(reports: ReadonlyMap<FaceName, readonly SlicesReport[]>): string {
  const names = [...new Set([...reports.values()].flat().map(({ name }) => name))]
  const rows = names.map((name) => {
    const cells = FACE_NAMES.map((face) => cellOf(reports.get(face)?.find((report) => report.name === name)))
    return [`\`${name.replace('Symbol.asyncIterator', 'for await')}\``, ...cells]
  })
  return markdownTable(['operation', ...FACE_NAMES.map((face) => `\`${face}\``)], rows)
}

function cellOf(report: SlicesReport | undefined): string {
  if (report === undefined) return ''
  const { gap, own, exempt } = report
  return `${own.toFixed(0)} (${gap.toFixed(0)})${exempt === undefined ? '' : ' *'}`
}

function fill(page: string, text: string): string {
  return page.replace(
    /(<!-- slices -->\n\n)[\s\S]*?(\n\n<!-- \/slices -->)/,
    (_, begin, end) => `${begin}${text}${end}`,
  )
}
