import { expect, test } from 'vitest'
import { Demand } from './demand.ts'

const PERIOD = 5_000

test('Demand counts the periods in which something was asked for, however often that was', () => {
  let time = 1_000_000
  const demand = new Demand(() => time)
  expect([demand.of('a'), demand.before('a')]).toEqual([0, 0])
  expect([demand.add('a'), demand.add('a'), demand.of('a'), demand.before('a')]).toEqual([true, false, 1, 0])
  time += PERIOD
  expect(demand.before('a')).toBe(demand.of('a'))
  for (let flood = 0; flood < 100; flood++) demand.add('b')
  demand.add('a')
  expect(demand.of('a')).toBeGreaterThan(1.9)
  expect([demand.of('b'), demand.before('b')]).toEqual([1, 0])
})

test('Demand forgets by and by, and is bounded', () => {
  let time = 0
  const demand = new Demand(() => time)
  for (; time < 3_600_000; time += PERIOD) demand.add('a')
  const most = demand.of('a')
  expect(most).toBeLessThan(36)
  time += 24 * PERIOD
  expect(demand.of('a')).toBeCloseTo(most / 2)
})

test('Demand goes on when the clock steps back', () => {
  let time = 1_000_000
  const demand = new Demand(() => time)
  demand.add('a')
  time = 0
  expect([demand.add('a'), demand.of('a'), demand.before('a')]).toEqual([true, 2, 1])
})

test('Demand forgets what was not asked for lately, when there is much else', () => {
  const demand = new Demand(() => 0)
  demand.add('old')
  demand.add('busy')
  for (let other = 0; other < 9_999; other++) {
    demand.add(`${other}`)
    demand.add('busy')
  }
  expect([demand.of('old'), demand.of('busy')]).toEqual([0, 1])
})
