import { expect, it } from 'vitest'
import { exampleResult, failedResult } from './example-results.ts'
import { filledPage } from './report-page.ts'

function block(name: string): string {
  return `# Page\n\n<!-- bench:${name} -->\n\nold\n\n<!-- /bench -->\n\nThe end.\n`
}

it('filledPage() shows every goal, its figure and whether it is met', () => {
  const page = filledPage(block('goals'), [exampleResult()])
  expect(page).toMatch(/\| `get`, against SELECT +\| +≤ 1\.5 +\| +1\.35 +\| ✔ +\| `reads` \|/)
  expect(page).toMatch(/\| gap +\| ≤ 50 ms +\| +70\.0 ms +\| ✘ +\| `reads` \| The machine\. \|/)
  expect(page).toMatch(/^# Page\n.*\nThe end\.\n$/s)
  expect(page).not.toContain('old')
})

it('filledPage() shows a table in its place, and keeps what a part showed that failed', () => {
  const page = filledPage(block('reads'), [exampleResult()])
  expect(page).toContain('| `Cache`')
  expect(page).toContain('In **one** process.')
  expect(filledPage(block('reads'), [failedResult('reads')])).toBe(block('reads'))
})

it('filledPage() fills its own pages again', () => {
  const page = filledPage(block('summary'), [exampleResult()])
  expect(page).toContain('1 of 2 goals are met.')
  expect(filledPage(page, [exampleResult()])).toBe(page)
})

it('filledPage() says what was skipped and what failed', () => {
  const skipped = [{ name: 'memcached', reason: 'not installed' }]
  const results = [exampleResult({ skipped }), failedResult('writes')]
  expect(filledPage(block('skipped'), results)).toContain('- skipped in reads: memcached, not installed')
  expect(filledPage(block('summary'), results)).toContain('Nothing was measured by `writes`')
})
