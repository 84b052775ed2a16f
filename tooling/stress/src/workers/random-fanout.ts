import { ok } from 'node:assert'
import { setImmediate } from 'node:timers/promises'
import type { Key } from '@diskcache/cache'
import { FanoutCache } from '@diskcache/fanout'
import { Random } from '../../../../packages/cache/tests/processes/random.ts'
import { role } from '../../../../packages/cache/tests/processes/role.ts'

export interface RandomFanoutJob {
  readonly directory: string
  readonly seed: number
  readonly id: number
  readonly operations: number
}

export interface RandomFanoutReport {
  readonly hits: number
  readonly sets: number
  readonly dropped: number
}

/** Of all kinds; in Python's workload there are ten, too. */
const KEYS: readonly Key[] = [
  'text',
  'naïve ☃',
  0,
  -8,
  2n ** 60n,
  0.1,
  Buffer.from('bytes'),
  true,
  [1, 'a'],
  { a: null },
]

/** Gets for one set, in the mean. */
const GETS = 100
/** Powers of two up to 128 KiB. */
const SIZES = Array.from({ length: 18 }, (_, i) => 2 ** i)

/** The workload of Python's `stress_test_fanout`: ten keys, values up to 128 KiB, mostly gets. */
role<RandomFanoutJob, RandomFanoutReport>(async ({ directory, seed, id, operations }, barrier) => {
  using cache = new FanoutCache(directory)
  const random = new Random(seed, id)
  const report = { hits: 0, sets: 0 }
  await barrier()
  for (let i = 0; i < operations; i++) {
    const slot = random.below(KEYS.length)
    const key = KEYS[slot] as Key
    const kind = random.below(GETS)
    if (kind === 0) report.sets += Number(cache.set(key, valueFor(slot, random), optionsFor(random)))
    else if (kind < 11) cache.delete(key)
    else if (kind < 14) report.sets += Number(cache.add(key, valueFor(slot, random), optionsFor(random)))
    else report.hits += Number(sees(slot, cache.get(key)))
    if (i % 500 === 0) await setImmediate()
  }
  return { ...report, dropped: cache.stats().dropped }
})

function valueFor(slot: number, random: Random): string {
  return `${slot}:${'.'.repeat(random.pick(SIZES))}`
}

function optionsFor(random: Random): { ttl?: number } {
  return random.chance(0.3) ? { ttl: random.below(100) } : {}
}

function sees(slot: number, value: unknown): boolean {
  if (value === undefined) return false
  ok(typeof value === 'string' && value.startsWith(`${slot}:.`), `key ${slot} holds another key's value`)
  return true
}
