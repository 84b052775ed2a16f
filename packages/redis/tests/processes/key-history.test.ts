import { expect, test } from 'vitest'
import { KeyHistory, type Outcome } from './key-history.ts'

const wrote = (value: number): Outcome => ({ kind: 'wrote', value })
/** Reported at 1000 ms. */
const failed = (value: number | undefined): Outcome => ({ kind: 'failed to write', value, at: 1_000 })
const read = (value: number | undefined, writtenAt?: number): Outcome => ({ kind: 'read', value, writtenAt })
const added = (sum: number): Outcome => ({ kind: 'added', sum })
const FAILED_TO_ADD: Outcome = { kind: 'failed to add' }

const HISTORIES: readonly [string, string, readonly Outcome[]][] = [
  ['a write that failed was done', 'expected', [wrote(1), failed(2), read(2, 1_000)]],
  ['a write that failed was not done', 'expected', [wrote(1), failed(2), read(1, 900)]],
  ['a write that failed is done later', 'late', [wrote(1), failed(2), read(2, 1_001)]],
  ['a write that failed is done after a read', 'late', [wrote(1), failed(2), read(1), read(2, 1_001)]],
  ['a write that failed is done after the next', 'late', [failed(1), wrote(2), read(1, 1_001)]],
  [
    'a write that failed was done, is replaced, and is back',
    'lost',
    [failed(1), wrote(2), read(2, 1_100), read(1, 999)],
  ],
  ['the same, and nobody saw the next', 'lost', [failed(1), wrote(2), read(1, 999)]],
  ['a value is gone', 'lost', [wrote(1), read(undefined)]],
  ['a removal that failed was done', 'expected', [wrote(1), failed(undefined), read(undefined)]],
  ['an older value is back', 'lost', [wrote(1), wrote(2), read(1)]],
  ['sums follow each other', 'expected', [added(1), FAILED_TO_ADD, added(3), read(3)]],
  ['an addition that failed is back', 'lost', [added(1), FAILED_TO_ADD, added(3), read(2)]],
  ['an addition that failed is done after a read', 'lost', [added(1), FAILED_TO_ADD, read(1), read(2)]],
  ['an addition that failed is done before the next', 'lost', [added(1), FAILED_TO_ADD, read(1), added(3)]],
  ['more was added than was asked for', 'late', [added(1), added(3)]],
  ['a counter begins anew', 'lost', [added(1), added(2), added(1)]],
]

test.for(HISTORIES)('KeyHistory: %s: %s', ([, verdict, outcomes]) => {
  const history = new KeyHistory()
  const verdicts = outcomes.map((outcome) => history.note(outcome))
  expect([...new Set(verdicts.slice(0, -1)), verdicts.at(-1)]).toEqual(['expected', verdict])
})
