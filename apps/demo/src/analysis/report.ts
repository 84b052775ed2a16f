import { readdirSync } from 'node:fs'
import type { Cache } from '@diskcache/cache'
import { formatCount, formatMegabytes, formatSeconds, formatShare } from '../output/figures.ts'
import { createTable } from '../output/table.ts'
import { packageTitle } from '../package-directory.ts'
import type { Findings } from './findings.ts'
import type { Run } from './first-run.ts'

const TOP = 10

/** The tables of a run, as text. */
export function report(findings: Findings, run: Run, cache: Cache): string {
  return [packageTable(findings), languageTable(findings), totalsTable(findings, run, cache)].join('\n')
}

function packageTable({ packages }: Findings): string {
  const table = createTable(['package', 'exported types', 'documented'])
  const byTypes = [...packages].sort(([, a], [, b]) => b.types - a.types)
  for (const [directory, { types, documented }] of byTypes.slice(0, TOP)) {
    table.push([packageTitle(directory), formatCount(types), formatShare(documented, types)])
  }
  return table.toString()
}

function languageTable({ languages }: Findings): string {
  const table = createTable(['language', 'code blocks'])
  for (const [language, blocks] of languages.top(TOP)) table.push([language, formatCount(blocks)])
  return table.toString()
}

function totalsTable({ totals }: Findings, run: Run, cache: Cache): string {
  const table = createTable(['in all', ''])
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
