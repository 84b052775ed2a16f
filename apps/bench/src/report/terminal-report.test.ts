import { expect, it } from 'vitest'
import { exampleResult, failedResult } from './example-results.ts'
import { terminalReport } from './terminal-report.ts'

it('terminalReport() shows tables without marks of Markdown, goals, what was skipped and what failed', () => {
  const skipped = [{ name: '`memcached`', reason: 'see [its page](https://example.org)' }]
  const report = terminalReport([exampleResult({ skipped }), failedResult('writes')])
  for (const text of ['│ Cache ', 'In one process.', '│ get, against SELECT │ ≤ 1.5 · 1.2 ', '✘'])
    expect(report).toContain(text)
  expect(report).toContain('skipped in reads: memcached, see its page')
  expect(report).toContain('failed: writes: no disk')
})
