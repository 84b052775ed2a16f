import fc from 'fast-check'
import { describe, expect } from 'vitest'
import type { FakeClock } from './memory/fake-clock.ts'
import { type OpenStore, type SyncStore, storeTest } from './store-test.ts'

interface ModelEntry {
  value: unknown
  expireTime: number
  tags: readonly string[]
}

/** What a store should hold, as a plain map in the order of insertion. */
class Model {
  readonly entries = new Map<string, ModelEntry>()

  live(key: string, now: number): ModelEntry | undefined {
    const entry = this.entries.get(key)
    return entry !== undefined && entry.expireTime > now ? entry : undefined
  }

  set(key: string, entry: ModelEntry): void {
    this.entries.set(key, entry)
  }

  /** What is left of it, as the store shows it. */
  contents(now: number): [string, unknown][] {
    return [...this.entries]
      .filter(([, { expireTime }]) => expireTime > now)
      .map(([key, { value }]) => [key, value])
  }

  copy(): Model {
    const copy = new Model()
    for (const [key, entry] of this.entries) copy.entries.set(key, { ...entry })
    return copy
  }

  become(other: Model): void {
    this.entries.clear()
    for (const [key, entry] of other.entries) this.entries.set(key, entry)
  }
}

interface System {
  readonly store: SyncStore
  readonly clock: FakeClock
}

/** One operation on both; it expects them to agree. */
type Step = (model: Model, system: System) => void

const key = fc.constantFrom('a', 'b', 'c', 'longer key', 'ключ')
/**
 * Nothing, or an odd number, whereas time passes by even ones: seconds as floating-point numbers do not tell which side of
 * the very moment of its expiry an entry is on.
 */
const lifetime = fc.integer({ min: 0, max: 500 }).map((half) => (half === 0 ? 0 : 2 * half - 1))
const ttl = fc.option(lifetime, { nil: undefined })
const tags = fc.subarray(['x', 'y', 'xy'])
const value = fc
  .oneof(
    fc.anything({
      withBigInt: true,
      withDate: true,
      withMap: true,
      withSet: true,
      withTypedArray: true,
      maxDepth: 2,
    }),
    fc.integer(),
    fc.string(),
    // Large enough to be a file.
    fc.integer({ min: 32_700, max: 40_000 }).map((length) => 'é'.repeat(length)),
    fc.integer({ min: 32_700, max: 40_000 }).map((length) => Buffer.alloc(length, 7)),
  )
  .filter(isClonable)

const STEPS: fc.Arbitrary<Step>[] = [
  fc.tuple(key, value, ttl, tags).map(([key, value, ttl, tags]) => (model, { store, clock }) => {
    expect(store.set(key, value, { ttl, tag: tags })).toBe(true)
    if (ttl === 0) model.entries.delete(key)
    else model.set(key, { value: kept(value), expireTime: clock.time + (ttl ?? Infinity), tags })
  }),
  fc.tuple(key, value, ttl).map(([key, value, ttl]) => (model, { store, clock }) => {
    const absent = model.live(key, clock.time) === undefined && ttl !== 0
    expect(store.add(key, value, { ttl })).toBe(absent)
    if (absent) model.set(key, { value: kept(value), expireTime: clock.time + (ttl ?? Infinity), tags: [] })
  }),
  key.map((key) => (model, { store, clock }) => {
    const entry = model.live(key, clock.time)
    expect(store.get(key)).toStrictEqual(entry?.value)
    expect(store.has(key)).toBe(entry !== undefined)
    expect(store.getEntry(key)?.tags).toEqual(entry?.tags)
  }),
  fc.array(key).map((keys) => (model, { store, clock }) => {
    expect(store.getMany(keys)).toStrictEqual(keys.map((key) => model.live(key, clock.time)?.value))
  }),
  key.map((key) => (model, { store, clock }) => {
    expect(store.delete(key)).toBe(model.live(key, clock.time) !== undefined)
    model.entries.delete(key)
  }),
  key.map((key) => (model, { store, clock }) => {
    const entry = model.live(key, clock.time)
    expect(store.pop(key)).toStrictEqual(entry?.value)
    if (entry !== undefined) model.entries.delete(key)
  }),
  fc.tuple(key, fc.integer()).map(([key, delta]) => (model, { store, clock }) => {
    const entry = model.live(key, clock.time)
    if (entry === undefined) {
      expect(store.incr(key, delta)).toBe(delta)
      model.set(key, { value: delta, expireTime: Infinity, tags: [] })
    } else if (typeof entry.value === 'number' && Number.isSafeInteger(entry.value + delta)) {
      expect(store.incr(key, delta)).toBe(entry.value + delta)
      entry.value += delta
    }
  }),
  fc.tuple(key, lifetime).map(([key, ttl]) => (model, { store, clock }) => {
    const entry = model.live(key, clock.time)
    expect(store.touch(key, { ttl })).toBe(entry !== undefined)
    if (entry !== undefined) entry.expireTime = clock.time + ttl
  }),
  fc.tuple(key, value).map(([key, value]) => (model, { store, clock }) => {
    const entry = model.live(key, clock.time)
    store.update(key, (current) => {
      expect(current?.value).toStrictEqual(entry?.value)
      return { set: value }
    })
    const { expireTime = Infinity, tags = [] } = entry ?? {}
    model.set(key, { value: kept(value), expireTime, tags })
  }),
  fc.subarray(['x', 'y', 'xy'], { minLength: 1, maxLength: 2 }).map((tags) => (model, { store, clock }) => {
    const tagged = [...model.entries].filter(([, entry]) => entry.tags.some((tag) => tags.includes(tag)))
    const live = tagged.filter(([key]) => model.live(key, clock.time))
    const count = store.evict(tags)
    // What has expired may be there still.
    expect([count >= live.length, count <= tagged.length]).toEqual([true, true])
    for (const [key] of tagged) model.entries.delete(key)
  }),
  fc.constant((model, { store, clock }) => {
    store.expire()
    model.become(liveCopy(model, clock.time))
    expect(store.size).toBe(model.entries.size)
  }),
  fc.integer({ min: 1, max: 300 }).map(
    (half) =>
      (_, { clock }) =>
        clock.advance(2 * half),
  ),
  fc.constant((model, { store }) => {
    store.clear()
    model.entries.clear()
  }),
]

/** Some steps as one transaction, which is undone or not. */
const transaction = fc.tuple(fc.array(fc.oneof(...STEPS.slice(0, 11)), { maxLength: 5 }), fc.boolean()).map(
  ([steps, fails]): Step =>
    (model, system) => {
      const before = model.copy()
      const undone = new Error('undone')
      const run = () =>
        system.store.transact(() => {
          for (const step of steps) step(model, system)
          if (fails) throw undone
        })
      if (!fails) return run()
      expect(run).toThrow(undone)
      model.become(before)
    },
)

/**
 * Defines one test for a synchronous engine: random histories of operations and transactions, whose every result agrees
 * with that of a plain map. Time stands still between the operations.
 *
 * @param name stands before the title of the test
 * @param open opens a store in a directory
 * @param runs how many histories; 300 take some ten seconds with SQLite
 */
export function storeModel(name: string, open: OpenStore, runs: number): void {
  const test = storeTest(open)
  describe(`${name} behaves like a map with expiry`, () => {
    test(`over ${runs} random histories`, ({ store, clock }) => {
      const steps = fc.array(
        fc.oneof(...STEPS.map((arbitrary) => ({ arbitrary, weight: 3 })), {
          arbitrary: transaction,
          weight: 6,
        }),
        {
          minLength: 1,
          maxLength: 60,
        },
      )
      const property = fc.property(steps, (history) => {
        store.clear()
        const model = new Model()
        for (const step of history) step(model, { store, clock })
        expectSameContents(model, { store, clock })
      })
      fc.assert(property, { numRuns: runs })
    })
  })
}

function expectSameContents(model: Model, { store, clock }: System): void {
  const contents = model.contents(clock.time)
  const found = [...store.entries()] as [string, unknown][]
  expect(new Map(found)).toStrictEqual(new Map(contents))
  expect([...store.keys({ order: 'sorted' })]).toEqual(contents.map(([key]) => key).sort(byUtf8))
  expect(store.check()).toEqual([])
}

function liveCopy(model: Model, now: number): Model {
  const copy = new Model()
  for (const [key, entry] of model.entries) if (entry.expireTime > now) copy.entries.set(key, entry)
  return copy
}

function byUtf8(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b))
}

/** What should come back: bytes as a `Buffer`, everything else as `structuredClone` gives it. */
function kept(value: unknown): unknown {
  return value instanceof Uint8Array ? Buffer.from(value) : structuredClone(value)
}

function isClonable(value: unknown): boolean {
  try {
    structuredClone(value)
    return true
  } catch {
    return false
  }
}
