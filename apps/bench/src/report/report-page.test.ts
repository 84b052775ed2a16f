import { describe, expect, it } from 'vitest'
import { exampleResult, failedResult } from './example-results.ts'
import { chartsOf, reportPage } from './report-page.ts'

describe('reportPage()', () => {
  it('begins with every goal, its figure and whether it holds', () => {
    const page = reportPage([exampleResult()], 'charts')
    expect(page).toContain('1 of 2 goals hold, 0 of them with their second figure too.')
    expect(page).toMatch(/\| `get`, against SELECT +\| ≤ 1\.5 · 1\.2 +\| +1\.35 \| ✔ +\| `reads` \|/)
    expect(page).toMatch(/\| gap +\| ≤ 50 ms +\| +70\.0 ms \| ✘ +\| `reads` \| The machine\. \|/)
  })

  it('shows each part with its charts and tables, and how to measure it again', () => {
    const page = reportPage([exampleResult()], 'charts')
    for (const text of [
      '## Reads',
      '![get: µs](charts/reads.svg)',
      '### One key a call',
      'In **one** process.',
    ])
      expect(page).toContain(text)
    expect(page).toContain('`npx -y pnpm@12 bench --only reads`')
    expect(page).not.toMatch(/\{\{|undefined/)
  })

  it('says what was skipped, what failed, and what a quick run measured', () => {
    const skipped = [{ name: 'memcached', reason: 'not installed' }]
    const page = reportPage([exampleResult({ skipped, quick: true }), failedResult('writes')], 'charts')
    expect(page).toContain('- memcached, in `reads`: not installed')
    expect(page).toContain('Nothing was measured by `writes`, which failed.')
    expect(page).toContain('Not measured: no disk.')
    expect(page).toContain('> **Not final:**')
    expect(reportPage([exampleResult()], 'charts')).not.toContain('Not final')
  })
  it('leaves out a chart that has nothing to show', () => {
    const result = exampleResult()
    const charts = result.section?.charts.map((chart) => ({ ...chart, points: [] })) ?? []
    const empty = exampleResult({ ...(result.section && { section: { ...result.section, charts } }) })
    expect(chartsOf([empty])).toEqual([])
    expect(reportPage([empty], 'charts')).not.toContain('reads.svg')
  })
})
