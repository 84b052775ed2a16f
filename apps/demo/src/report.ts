import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Cache } from '@diskcache/cache'
import Table from 'cli-table3'
import { formatCount, formatMegabytes, formatSeconds, formatShare } from './figures.ts'
import type { Findings } from './findings.ts'
import type { Run } from './first-run.ts'

const TOP = 10

/** The tables of a run, as text. */
export function report(findings: Findings, run: Run, cache: Cache): string {
  return [packageTable(findings), languageTable(findings), totalsTable(findings, run, cache)].join('\n')
}

function packageTable({ packages }: Findings): string {
  const table = new Table({
    head: ['package', 'exported types', 'documented'],
    colAligns: ['left', 'right', 'right'],
  })
  const byTypes = [...packages].sort(
    ([a, { types: inA }], [b, { types: inB }]) => inB - inA || (a < b ? -1 : 1),
  )
  for (const [directory, { types, documented }] of byTypes.slice(0, TOP)) {
    table.push([packageTitle(directory), formatCount(types), formatShare(documented, types)])
  }
  return table.toString()
}

function languageTable({ languages }: Findings): string {
  const table = new Table({ head: ['language', 'code blocks'], colAligns: ['left', 'right'] })
  for (const [language, blocks] of languages.top(TOP)) table.push([language, formatCount(blocks)])
  return table.toString()
}

function totalsTable({ totals }: Findings, run: Run, cache: Cache): string {
  const table = new Table({ head: ['in all', ''], colAligns: ['left', 'right'] })
  table.push(['files', formatCount(run.files)])
  for (const [name, sum] of totals) table.push([name, formatCount(sum)])
  table.push(
    ['time', formatSeconds(run.milliseconds)],
    ['hit rate', formatShare(run.files - run.misses, run.files)],
    ['volume of the cache', formatMegabytes(cache.volume())],
    ['entries', formatCount(cache.size)],
    ['value files', formatCount(countValueFiles(cache.directory))],
  )
  return table.toString()
}

/** Values from 32 KiB on are kept in files of their own, beside the database. */
function countValueFiles(directory: string): number {
  return readdirSync(directory, { recursive: true }).filter((name) => String(name).endsWith('.val')).length
}

function packageTitle(directory: string): string {
  const { name, version } = JSON.parse(readFileSync(join(directory, 'package.json'), 'utf8'))
  return `${name} ${version}`
}
