import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { exampleResult, failedResult } from './example-results.ts'
import { mergeResults, readResults, writeResults } from './results-file.ts'

it('readResults() gives what writeResults() wrote, and nothing where nothing was written', () => {
  const directory = mkdtempSync(join(tmpdir(), 'diskcache-results-'))
  onTestFinished(() => rmSync(directory, { recursive: true }))
  const file = join(directory, 'results.json')
  expect(readResults(file)).toEqual([])
  writeResults([exampleResult()], file)
  expect(readResults(file)).toEqual([exampleResult()])
})

it('mergeResults() replaces parts, keeps the others, and forgets those that there are not any more', () => {
  const earlier = ['a', 'b', 'gone'].map((name) => exampleResult({ name }))
  const fresh = exampleResult({ name: 'b', circumstances: 'new' })
  expect(mergeResults(earlier, [fresh], ['b', 'a', 'new'])).toEqual([fresh, earlier[0]])
})

it('mergeResults() keeps what a part found before when it fails, and a failure where it found nothing', () => {
  const earlier = [exampleResult({ name: 'a' })]
  const failures = [failedResult('a'), failedResult('b')]
  expect(mergeResults(earlier, failures, ['a', 'b'])).toEqual([earlier[0], failures[1]])
})
