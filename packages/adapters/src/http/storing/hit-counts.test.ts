import { expect, test } from 'vitest'
import { HitCounts } from './hit-counts.ts'

test('HitCounts counts, and forgets what was not asked for lately', () => {
  const hits = new HitCounts()
  for (const id of ['old', 'busy', 'busy']) hits.add(id)
  expect(['old', 'busy', 'unknown'].map((id) => hits.of(id))).toEqual([1, 2, 0])
  for (let other = 0; other < 9_999; other++) {
    hits.add(`${other}`)
    if (other % 1_000 === 0) hits.add('busy')
  }
  expect(['old', 'busy', '9998'].map((id) => hits.of(id))).toEqual([0, 12, 1])
})
