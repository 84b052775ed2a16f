import { setImmediate as turn } from 'node:timers/promises'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { expect, test } from 'vitest'
import { RecentResponses } from './recent-responses.ts'
import { type VariantRow, variantRow } from './rows.ts'

function rowOf(size: number, fields: Partial<VariantRow> = {}): VariantRow {
  const [requestedAt, receivedAt] = [Date.now() + 0.5, Date.now() + 1.5]
  const times = { requestedAt, receivedAt, lifetime: 60_000.5, initialAge: 0.5 }
  const stale = { staleWhileRevalidate: 0, staleIfError: 0, allowsMaxStale: true, isShared: true }
  const policy = { ...times, ...stale }
  const head = { url: '', status: 200, headers: [], removed: [], policy, tags: [] }
  return variantRow({ ...head, size, body: new Uint8Array(size), ...fields })
}

test('RecentResponses keeps what was asked for lately, within its limit', () => {
  const recent = new RecentResponses(25_000, () => 0)
  const rows = ['one', 'two', 'three'].map((id) => ({ id, row: rowOf(10_000) }))
  for (const { id, row } of rows.slice(0, 2)) recent.add(id, row)
  recent.get('one')
  recent.add('three', rows[2]!.row)
  expect(rows.map(({ id }) => recent.get(id))).toEqual([rows[0]!.row, undefined, rows[2]!.row])
  recent.add('large', rowOf(30_000))
  expect(['one', 'three', 'large'].map((id) => recent.get(id)?.size)).toEqual([10_000, 10_000, undefined])
  recent.add('four', rowOf(20_000))
  expect(['one', 'three', 'four'].map((id) => recent.get(id)?.size)).toEqual([undefined, undefined, 20_000])
})

test('RecentResponses counts a response once that is added again', () => {
  const recent = new RecentResponses(25_000, () => 0)
  for (let i = 0; i < 5; i++) recent.add('one', rowOf(10_000))
  recent.add('two', rowOf(10_000))
  recent.delete('none')
  expect(recent.get('one')).toBeDefined()
  recent.delete('one')
  expect(recent.get('one')).toBe(undefined)
})

test('RecentResponses tells what was read just now from what was read before', () => {
  let now = 1
  const recent = new RecentResponses(25_000, () => now)
  recent.add('one', rowOf(10))
  now = 100
  expect(recent.getJustRead('one')).toBeDefined()
  now = 101
  expect([recent.getJustRead('one'), recent.get('one')?.size]).toEqual([undefined, 10])
  recent.add('one', rowOf(20))
  expect(recent.getJustRead('one')?.size).toBe(20)
  expect(recent.getJustRead('none')).toBe(undefined)
})

for (const step of [5_001, -5_001])
  test(`RecentResponses forgets after a while, when the clock goes by ${step}`, () => {
    let now = 100_000
    const recent = new RecentResponses(25_000, () => now)
    recent.add('one', rowOf(1))
    now += step
    expect(recent.get('one')).toBe(undefined)
  })

setFlagsFromString('--expose-gc')
const gc = runInNewContext('gc') as () => void

/** Bytes that are in use, in the heap of V8 and beside it. Of what one collection finds, the next has given all back. */
async function bytesInUse(): Promise<number> {
  for (let times = 0; times < 3; times++) {
    gc()
    await turn()
  }
  const { heapUsed, arrayBuffers } = process.memoryUsage()
  return heapUsed + arrayBuffers
}

/** A text of its own, that V8 cannot share with another; of wide characters, it takes two bytes for each. */
function textOf(length: number, seed: number, character = 'x'): string {
  return Buffer.from(`${seed} `.padEnd(length, character)).toString()
}

const KINDS: Readonly<Record<string, (seed: number) => VariantRow>> = {
  'nothing but a head': (seed) => rowOf(0, { url: textOf(40, seed) }),
  'a body': (seed) => rowOf(50_000, { url: textOf(40, seed) }),
  'a body that is part of more memory': (seed) =>
    rowOf(100, { url: textOf(40, seed), body: new Uint8Array(20_000).subarray(0, 100) }),
  'a long URL': (seed) => rowOf(100, { url: textOf(15_000, seed) }),
  'a long field': (seed) => rowOf(100, { headers: [['Link', textOf(15_000, seed)]] }),
  'a field of many values': (seed) => {
    const values = Array.from({ length: 100 }, (_, at) => textOf(50, seed + at))
    return rowOf(100, { headers: [['Link', values]] })
  },
  'many short fields': (seed) => {
    const field = (_: unknown, at: number) => [textOf(12, at), textOf(12, seed)] as const
    return rowOf(100, { headers: Array.from({ length: 100 }, field) })
  },
  'wide tags, and fields that are removed': (seed) => {
    const texts = () => Array.from({ length: 30 }, (_, at) => textOf(200, seed + at, 'ж'))
    return rowOf(100, { tags: texts(), removed: texts() })
  },
}

// What the test runner gives back in the meantime is measured, too.
for (const [kind, make] of Object.entries(KINDS))
  test(`RecentResponses keeps its limit in memory for responses of ${kind}`, { retry: 3 }, async () => {
    const limit = 8 * 1024 * 1024
    const recent = new RecentResponses(limit, () => 0)
    const before = await bytesInUse()
    for (let seed = 1_000; recent.size < limit * 0.97; seed++) recent.add(`${seed}`, make(seed))
    // More than fits.
    for (let seed = 0; seed < 100; seed++) recent.add(`${seed}`, make(seed))
    const held = (await bytesInUse()) - before
    expect(recent.size).toBeLessThanOrEqual(limit)
    expect(held).toBeLessThan(recent.size * 1.2)
    expect(held).toBeGreaterThan(recent.size * 0.2)
  })

test('RecentResponses keeps what is asked for all the time beside 4,000 others', () => {
  const recent = new RecentResponses(64 * 1024, () => 0)
  recent.add('page', rowOf(10))
  for (let other = 0; other < 4_000; other++) {
    recent.add(`other ${other}`, rowOf(10))
    if (other % 10 === 0) expect(recent.get('page')).toBeDefined()
  }
})
