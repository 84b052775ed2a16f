import { directoryTest } from '@diskcache/testkit'
import fc from 'fast-check'
import { describe, expect } from 'vitest'
import { Index } from './index-map.ts'

type Step = (model: Map<string, unknown>, index: Index<string>) => void

const key = fc.constantFrom('a', 'b', 'c', 'd', 'ключ')
const value = fc.oneof(
  fc.integer(),
  fc.string(),
  fc.constant(undefined),
  fc.record({ id: fc.nat(3) }),
  fc.constant('x'.repeat(40_000)),
)

const STEPS: fc.Arbitrary<Step>[] = [
  fc.tuple(key, value).map(([key, value]) => (model, index) => {
    expect(index.set(key, value)).toBe(index)
    model.set(key, value)
  }),
  key.map((key) => (model, index) => {
    expect(index.get(key)).toEqual(model.get(key))
    expect(index.has(key)).toBe(model.has(key))
  }),
  key.map((key) => (model, index) => {
    expect(index.delete(key)).toBe(model.delete(key))
  }),
  key.map((key) => (model, index) => {
    expect(index.pop(key)).toEqual(model.get(key))
    model.delete(key)
  }),
  fc.boolean().map((last) => (model, index) => {
    const expected = [...model].at(last ? -1 : 0)
    expect(index.peekItem({ last })).toEqual(expected)
    expect(index.popItem({ last })).toEqual(expected)
    if (expected !== undefined) model.delete(expected[0])
  }),
  fc.tuple(key, value).map(([key, value]) => (model, index) => {
    if (!model.has(key)) model.set(key, value)
    expect(index.setDefault(key, () => value)).toEqual(model.get(key))
  }),
  fc.array(fc.tuple(key, value), { maxLength: 4 }).map((entries) => (model, index) => {
    index.update(entries)
    for (const [key, value] of entries) model.set(key, value)
  }),
  fc.constant((model, index) => {
    index.clear()
    model.clear()
  }),
]

const transaction = fc.tuple(fc.array(fc.oneof(...STEPS), { maxLength: 5 }), fc.boolean()).map(
  ([steps, fails]): Step =>
    (model, index) => {
      const before = [...model]
      const undone = new Error('undone')
      const run = () =>
        index.transact(() => {
          for (const step of steps) step(model, index)
          if (fails) throw undone
        })
      if (!fails) return run()
      expect(run).toThrow(undone)
      model.clear()
      for (const [key, value] of before) model.set(key, value)
    },
)

describe('Index behaves like a Map', () => {
  directoryTest('over 150 random histories', ({ directory }) => {
    using index = new Index<string>(directory)
    const history = fc.array(fc.oneof(...STEPS, transaction), { minLength: 1, maxLength: 50 })
    const property = fc.property(history, (steps) => {
      const model = new Map<string, unknown>()
      index.clear()
      for (const step of steps) step(model, index)
      expect([...index]).toEqual([...model])
      expect([...index.keys({ reverse: true })]).toEqual([...model.keys()].reverse())
      expect([...index.values()]).toEqual([...model.values()])
      expect(index.size).toBe(model.size)
      expect(index.equals(model)).toBe(true)
      const seen: unknown[] = []
      index.forEach((value, key, self) => {
        seen.push([key, value, self === index])
      })
      expect(seen).toEqual([...model].map(([key, value]) => [key, value, true]))
    })
    fc.assert(property, { numRuns: 150 })
  })
})
