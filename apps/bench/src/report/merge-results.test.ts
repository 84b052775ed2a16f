import { describe, expect, it } from 'vitest'
import { exampleResult, failedResult } from './example-results.ts'
import { mergeResults } from './merge-results.ts'

const [old, young] = ['2026-01-01T00:00:00.000Z', '2026-02-01T00:00:00.000Z']

describe('mergeResults()', () => {
  it('replaces what was measured again, and keeps the rest, in the order of the parts', () => {
    const earlier = ['b', 'a', 'c'].map((name) => exampleResult({ name, begun: old }))
    const merged = mergeResults(earlier, [exampleResult({ name: 'b', begun: young })], ['a', 'b', 'c'])
    expect(merged.map(({ name, begun }) => [name, begun])).toEqual([
      ['a', old],
      ['b', young],
      ['c', old],
    ])
  })

  it('leaves out parts that there are no more', () => {
    expect(mergeResults([exampleResult({ name: 'gone' })], [], ['a'])).toEqual([])
  })

  it('keeps what a part found before it failed, and names one that never found anything', () => {
    const merged = mergeResults(
      [exampleResult({ name: 'a' })],
      [failedResult('a'), failedResult('b')],
      ['a', 'b'],
    )
    expect(merged.map(({ name, error }) => [name, error])).toEqual([
      ['a', undefined],
      ['b', 'no disk'],
    ])
  })
})
