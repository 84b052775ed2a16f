import { expect, expectTypeOf, test } from 'vitest'
import type { Frozen } from './memory-options.ts'
import { isShared, MemoryTier } from './memory-tier.ts'

const OPTIONS = { maxBytes: 100_000, staleness: 1, share: 'copies' } as const

/** A tier that has one entry. */
function tierWith(value: unknown, share: 'copies' | 'frozen' = 'copies') {
  const tier = new MemoryTier<string>({ ...OPTIONS, share })
  tier.add('key', { source: 'source', value, data: Buffer.from('data'), moment: tier.changes })
  return tier
}

test('an entry is true until anything may have changed, and again when it is confirmed', () => {
  const tier = tierWith('value')
  const entry = tier.find('key')
  if (entry === undefined) throw new Error('not kept')
  expect(tier.isTrue(entry)).toBe(true)
  tier.unverify()
  expect(tier.isTrue(entry)).toBe(false)
  tier.confirm(entry, 'other source')
  expect([tier.isTrue(entry), entry.source]).toEqual([true, 'other source'])
})

test('what was read before a change is not added', () => {
  const tier = tierWith('value')
  for (const change of [() => tier.forget('x'), () => tier.unverify(), () => tier.clear()]) {
    const moment = tier.changes
    change()
    tier.add('late', { source: 'source', value: 'value', data: null, moment })
    expect(tier.find('late')).toBe(undefined)
  }
})

test('what has changed before it was of use is kept at its next read but one', () => {
  const tier = tierWith('value')
  const addAgain = () => {
    const former = tier.find('key')
    tier.add('key', { source: 'new source', value: 'new', data: null, moment: tier.changes, former })
    return tier.find('key')
  }
  expect(addAgain()).toBe(undefined)
  const entry = addAgain()
  if (entry === undefined) throw new Error('not kept')
  tier.countHit(entry)
  expect(addAgain()?.source).toBe('new source')
})

test('objects are shared only when they are frozen, strings and the like always', () => {
  const shares = (value: unknown, share: 'copies' | 'frozen') => {
    const entry = tierWith(value, share).find('key')
    return entry !== undefined && isShared(entry)
  }
  for (const value of ['text', 1, 1n, true, null, undefined]) expect(shares(value, 'copies')).toBe(true)
  for (const value of [{ a: 1 }, [1], Buffer.from('x')]) expect(shares(value, 'copies')).toBe(false)
  for (const value of [{ a: [1, { b: null }] }, [[1]], 'text']) expect(shares(value, 'frozen')).toBe(true)
  for (const value of [new Date(), { at: new Date() }, [new Map()], Buffer.from('x')])
    expect(shares(value, 'frozen')).toBe(false)
})

test('a value that cannot be shared is not frozen in part', () => {
  const value = { first: { a: 1 }, second: new Date() }
  tierWith(value, 'frozen')
  expect([Object.isFrozen(value), Object.isFrozen(value.first)]).toEqual([false, false])
})

test('an object that is in a value twice, or in itself, is frozen once', () => {
  const one: Record<string, unknown> = { name: 'one' }
  one.self = one
  tierWith([one, one], 'frozen')
  expect(Object.isFrozen(one)).toBe(true)
})

test('the entries that were used least recently go first, and the bytes stay within the bound', () => {
  const tier = new MemoryTier<number>(OPTIONS)
  for (let i = 0; i < 1_000; i++) {
    tier.find(0)
    tier.add(i, { source: i, value: 'x'.repeat(1_000), data: 'x'.repeat(1_000), moment: tier.changes })
  }
  const { bytes, entries } = tier.stats()
  expect(bytes).toBeLessThanOrEqual(OPTIONS.maxBytes)
  expect(entries).toBeGreaterThan(40)
  expect([tier.find(0), tier.find(1), tier.find(999)].map((entry) => entry?.source)).toEqual([
    0,
    undefined,
    999,
  ])
})

test('a value larger than an eighth of the bytes is not kept, and takes the place of what was', () => {
  const tier = tierWith('small')
  const large = 'x'.repeat(OPTIONS.maxBytes / 8 + 1_000)
  tier.add('key', { source: 'source', value: large, data: large, moment: tier.changes })
  expect(tier.find('key')).toBe(undefined)
  expect(tier.stats().bytes).toBe(0)
})

test('all that the source holds counts, and what is in a value that is frozen', () => {
  const bytesOf = (data: unknown, value: unknown = 'x') => {
    const tier = new MemoryTier<string>({ ...OPTIONS, share: 'frozen' })
    tier.add('key', { source: 'source', value, data, moment: tier.changes })
    return tier.stats().bytes
  }
  const least = bytesOf(null)
  for (const data of ['x'.repeat(1_000), Buffer.alloc(1_000), ['tag'.repeat(200), Buffer.alloc(500)]])
    expect(bytesOf(data)).toBeGreaterThan(least + 1_000)
  expect(bytesOf('\u65e5'.repeat(1_000))).toBeGreaterThan(least + 2_000)
  expect(bytesOf(null, [1n << 8_000n])).toBeGreaterThan(least + 1_000)
  const names = (prefix: string) => Object.fromEntries([...'abcdefghij'].map((name) => [prefix + name, 1]))
  const [first, again] = [bytesOf(null, names('new ')), bytesOf(null, names('new '))]
  expect(again).toBeLessThan(first - 1_000)
  expect(bytesOf(null, names('others '))).toBe(first)
})

test('what a codec has hidden is not shared', () => {
  const hidden = Object.defineProperty({ a: 1 }, 'inner', { value: { b: 2 }, enumerable: false })
  const lazy = Object.defineProperty({}, 'made', { get: () => ({}), enumerable: true })
  for (const value of [hidden, lazy, { [Symbol('own')]: {} }, [hidden], Object.assign([1], { more: {} })]) {
    const entry = tierWith(value, 'frozen').find('key')
    if (entry === undefined) throw new Error('not kept')
    expect([isShared(entry), Object.isFrozen(value)]).toEqual([
      Array.isArray(value) && 'more' in value,
      isShared(entry),
    ])
  }
})

test('a frozen type keeps what is no object, tuples, and classes', () => {
  type Id = string & { readonly __brand: 'Id' }
  interface Page {
    id: Id
    at: [number, number]
    tags: string[]
    home: URL
    read(): string
  }
  expectTypeOf<Frozen<Page>>().toEqualTypeOf<{
    readonly id: Id
    readonly at: readonly [number, number]
    readonly tags: readonly string[]
    readonly home: URL
    readonly read: () => string
  }>()
})
