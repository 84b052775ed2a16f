import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { exampleResult } from './example-results.ts'
import { outputPlace } from './output-place.ts'
import { readResults, writeReport } from './write-report.ts'

let directory: string

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'diskcache-report-'))
})

afterEach(() => rmSync(directory, { recursive: true }))

describe('writeReport()', () => {
  it('writes a page, its charts, and results that are read again', async () => {
    const place = outputPlace(directory)
    expect(readResults(place)).toEqual([])
    await writeReport([exampleResult()], place)
    expect(readFileSync(place.page, 'utf8')).toContain('(benchmarks/reads.svg)')
    expect(existsSync(join(directory, 'benchmarks', 'reads.svg'))).toBe(true)
    expect(readResults(place)).toEqual([exampleResult()])
  })

  it('removes the charts that a report has no more', async () => {
    const place = outputPlace(directory)
    await writeReport([exampleResult()], place)
    await writeReport([], place)
    expect(existsSync(join(place.charts, 'reads.svg'))).toBe(false)
  })

  it('refuses to go on over results that it cannot read', () => {
    const place = outputPlace(directory)
    writeFileSync(place.results, 'no JSON')
    expect(() => readResults(place)).toThrow(/Cannot read the earlier results/)
  })
})
