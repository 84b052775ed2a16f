import { expect, it } from 'vitest'
import { exampleResult, failedResult } from './example-results.ts'
import { terminalReport } from './terminal-report.ts'

const skipped = [{ name: '`memcached`', reason: 'see [its page](https://example.org)' }]
const results = [exampleResult({ skipped }), failedResult('writes')]

it('terminalReport() shows goals, what was skipped and what failed', () => {
  const report = terminalReport(results, false)
  for (const text of ['| get, against SELECT', '✘', 'skipped in reads: memcached, see its page'])
    expect(report).toContain(text)
  expect(report).toContain('failed: writes: no disk')
  expect(report).not.toContain('In one process.')
})

it('terminalReport() shows tables on demand', () => {
  expect(terminalReport(results, true)).toContain('In one process.')
})
