import { expect, test } from 'vitest'
import { greedyDual, hyperbolic, s3FifoByCost } from './cost-policies.ts'
import type { Ask } from './ideal-policies.ts'

/** Asks for a hundred keys, one after the other, of which every tenth costs a hundred times as much; returns its hits. */
function hitsOfDear(ask: Ask): number {
  let hits = 0
  for (let i = 0; i < 5_000; i++) {
    const isDear = i % 10 === 0
    if (ask(i % 100, 1, isDear ? 100 : 1) && isDear) hits++
  }
  return hits
}

test('Policies that know costs keep what is dear through a loop', () => {
  for (const policy of [hyperbolic, greedyDual, s3FifoByCost]) {
    expect(hitsOfDear(policy(30))).toBeGreaterThan(400)
    expect(hitsOfDear(policy(100))).toBe(490)
  }
})

test('Policies that know costs keep within their size, and small rather than large', () => {
  for (const policy of [hyperbolic, greedyDual]) {
    const ask = policy(100)
    expect([ask(1, 101), ask(1, 101)]).toEqual([false, false])
    ask(2, 90)
    ask(3, 10)
    ask(4, 10)
    expect([ask(3, 10), ask(4, 10), ask(2, 90)]).toEqual([true, true, false])
  }
})
