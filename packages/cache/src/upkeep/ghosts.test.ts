import { expect, test } from 'vitest'
import { Ghosts } from './ghosts.ts'

/** Returns `count` fingerprints in no order, each of which is another, whatever `from` is. */
function fingerprints(count: number, from = 0): number[] {
  return Array.from({ length: count }, (_, i) => Math.imul(from + i + 1, 0x9e3779b1) >>> 0)
}

function withAll(ghosts: Ghosts, added: readonly number[]): Ghosts {
  for (const fingerprint of added) ghosts.add(fingerprint)
  return ghosts
}

test('Ghosts remember what was added, and forget it when it is taken', () => {
  const ghosts = withAll(new Ghosts(), [1, 5, 0xffffffff])
  expect([5, 5, 1, 0xffffffff, 2].map((fingerprint) => ghosts.take(fingerprint))).toEqual([
    true,
    false,
    true,
    true,
    false,
  ])
})

test('Ghosts forget the oldest of a set, and nothing else, when another is added', () => {
  const sets = new Ghosts().capacity / 8
  const ghosts = withAll(
    new Ghosts(),
    Array.from({ length: 9 }, (_, i) => 1 + i * sets),
  )
  expect(ghosts.take(1 + 4 * sets)).toBe(true)
  const left = Array.from({ length: 9 }, (_, i) => ghosts.take(1 + i * sets))
  expect(left).toEqual([false, true, true, true, false, true, true, true, true])
})

test('Ghosts of a capacity remember most of so many fingerprints, and hardly any older ones', () => {
  const ghosts = new Ghosts()
  ghosts.resize(8_192)
  expect(ghosts.capacity).toBe(8_192)
  withAll(ghosts, fingerprints(100_000))
  expect(fingerprints(4_000, 96_000).filter((one) => ghosts.take(one)).length).toBeGreaterThan(3_800)
  expect(fingerprints(80_000).filter((one) => ghosts.take(one)).length).toBeLessThan(80)
})

test('Ghosts.resize() keeps what fits, the newest before others', () => {
  const ghosts = new Ghosts()
  ghosts.resize(1_024)
  withAll(ghosts, fingerprints(700))
  ghosts.resize(8_192)
  expect(fingerprints(700).every((one) => ghosts.take(one))).toBe(true)
  withAll(ghosts, fingerprints(4_000))
  ghosts.resize(1_024)
  expect(fingerprints(300, 3_700).filter((one) => ghosts.take(one)).length).toBeGreaterThan(270)
})

test('Ghosts.resize() changes little for little, and stays within 32 and a million', () => {
  const ghosts = new Ghosts()
  ghosts.resize(1_030)
  const capacities = [900, 2_000, 2_600, 1_700].map((wanted) => {
    ghosts.resize(wanted)
    return ghosts.capacity
  })
  expect(capacities).toEqual([1_024, 1_024, 2_048, 2_048])
  ghosts.resize(2 ** 40)
  expect(ghosts.capacity).toBe(2 ** 20)
  ghosts.resize(0)
  expect(ghosts.capacity).toBe(32)
})
