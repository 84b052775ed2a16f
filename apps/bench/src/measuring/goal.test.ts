import { expect, it } from 'vitest'
import { atLeast, atMost, isMet } from './goal.ts'

it('isMet() counts the bound itself as met', () => {
  expect([1.2, 1.3, 1.4].map((ratio) => isMet(atMost(1.3), ratio))).toEqual([true, true, false])
  expect([1.2, 1.3, 1.4].map((ratio) => isMet(atLeast(1.3), ratio))).toEqual([false, true, true])
})
