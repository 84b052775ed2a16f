import { directoryTest } from '@diskcache/testkit'
import fc from 'fast-check'
import { describe, expect } from 'vitest'
import { Deque } from './deque.ts'

/** What a deque should do, on an array. */
class Model {
  items: unknown[] = []
  maxLength = Infinity

  append(value: unknown): void {
    this.items.push(value)
    this.trim('front')
  }

  appendLeft(value: unknown): void {
    this.items.unshift(value)
    this.trim('back')
  }

  trim(side: 'back' | 'front'): void {
    while (this.items.length > this.maxLength) side === 'front' ? this.items.shift() : this.items.pop()
  }
}

type Step = (model: Model, deque: Deque) => void

const value = fc.oneof(
  fc.integer(),
  fc.string(),
  fc.record({ id: fc.nat(3) }),
  fc.constant('x'.repeat(40_000)),
)
const small = fc.oneof(fc.nat(3), value)
const position = fc.integer({ min: -12, max: 12 })

const STEPS: fc.Arbitrary<Step>[] = [
  small.map((value) => (model, deque) => {
    deque.append(value)
    model.append(value)
  }),
  small.map((value) => (model, deque) => {
    deque.appendLeft(value)
    model.appendLeft(value)
  }),
  fc.array(small, { maxLength: 5 }).map((values) => (model, deque) => {
    deque.extend(values)
    for (const value of values) model.append(value)
  }),
  fc.array(small, { maxLength: 5 }).map((values) => (model, deque) => {
    deque.extendLeft(values)
    for (const value of values) model.appendLeft(value)
  }),
  fc.constant((model, deque) => {
    expect(deque.peek()).toEqual(model.items.at(-1))
    expect(deque.pop()).toEqual(model.items.pop())
  }),
  fc.constant((model, deque) => {
    expect(deque.peekLeft()).toEqual(model.items[0])
    expect(deque.popLeft()).toEqual(model.items.shift())
  }),
  position.map((position) => (model, deque) => {
    expect(deque.at(position)).toEqual(model.items.at(position))
  }),
  fc.tuple(position, small).map(([position, value]) => (model, deque) => {
    const index = position < 0 ? model.items.length + position : position
    if (index >= 0 && index < model.items.length) {
      deque.set(position, value)
      model.items[index] = value
    } else expect(() => deque.set(position, value)).toThrow(RangeError)
  }),
  position.map((position) => (model, deque) => {
    const index = position < 0 ? model.items.length + position : position
    const isThere = index >= 0 && index < model.items.length
    expect(deque.delete(position)).toBe(isThere)
    if (isThere) model.items.splice(index, 1)
  }),
  fc.tuple(position, small).map(([position, value]) => (model, deque) => {
    if (model.items.length >= model.maxLength) {
      expect(() => deque.insert(position, value)).toThrow(RangeError)
    } else {
      deque.insert(position, value)
      model.items.splice(position, 0, value)
    }
  }),
  fc.nat(3).map((value) => (model, deque) => {
    const index = model.items.indexOf(value)
    expect(deque.indexOf(value)).toBe(index)
    expect(deque.count(value)).toBe(model.items.filter((item) => item === value).length)
    expect(deque.remove(value)).toBe(index >= 0)
    if (index >= 0) model.items.splice(index, 1)
  }),
  fc.constant((model, deque) => {
    deque.reverse()
    model.items.reverse()
  }),
  fc.integer({ min: -15, max: 15 }).map((steps) => (model, deque) => {
    deque.rotate(steps)
    const length = Math.max(1, model.items.length)
    const shift = ((steps % length) + length) % length
    model.items.unshift(...model.items.splice(model.items.length - shift))
  }),
  fc.option(fc.nat(12), { nil: Infinity }).map((maxLength) => (model, deque) => {
    deque.maxLength = maxLength
    model.maxLength = maxLength
    model.trim('front')
  }),
  fc.constant((model, deque) => {
    deque.clear()
    model.items = []
  }),
]

const transaction = fc.tuple(fc.array(fc.oneof(...STEPS.slice(0, 13)), { maxLength: 5 }), fc.boolean()).map(
  ([steps, fails]): Step =>
    (model, deque) => {
      const before = [...model.items]
      const undone = new Error('undone')
      const run = () =>
        deque.transact(() => {
          for (const step of steps) step(model, deque)
          if (fails) throw undone
        })
      if (!fails) return run()
      expect(run).toThrow(undone)
      model.items = before
    },
)

describe('Deque behaves like an array', () => {
  directoryTest('over 150 random histories', ({ directory }) => {
    using deque = new Deque(directory)
    const history = fc.array(
      fc.oneof({ arbitrary: fc.oneof(...STEPS), weight: 9 }, { arbitrary: transaction, weight: 1 }),
      {
        minLength: 1,
        maxLength: 50,
      },
    )
    const property = fc.property(history, (steps) => {
      const model = new Model()
      deque.clear()
      deque.maxLength = Infinity
      for (const step of steps) step(model, deque)
      expect([...deque]).toEqual(model.items)
      expect([...deque.reversed()]).toEqual(model.items.toReversed())
      expect(deque.length).toBe(model.items.length)
      expect(deque.equals(model.items)).toBe(true)
      expect(deque.equals([...model.items, 0])).toBe(false)
    })
    fc.assert(property, { numRuns: 150 })
  })
})
