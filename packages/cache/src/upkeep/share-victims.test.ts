import { describe, expect } from 'vitest'
import { cacheTest } from '../../tests/cache-test.ts'

const MIB = 1024 * 1024

describe("pin: 'share'", () => {
  const test = cacheTest({ sizeLimit: 2 * MIB })

  test('keeps entries while all of them together are few, whatever else is written', ({ store }) => {
    for (let i = 0; i < 300; i++) store.set(`small ${i}`, i, { pin: 'share' })
    for (let i = 0; i < 5_000; i++) store.set(i, Buffer.alloc(1_000))
    expect(store.hasMany(Array.from({ length: 300 }, (_, i) => `small ${i}`))).not.toContain(false)
  })

  test('lets the oldest go, and nothing else, when they are many', ({ store, clock }) => {
    for (let i = 0; i < 700; i++) store.set(i, Buffer.alloc(1_000))
    for (let i = 0; i < 12_000; i++) {
      store.set(`small ${i}`, i, { pin: 'share' })
      clock.advance(1)
    }
    expect(store.hasMany(Array.from({ length: 700 }, (_, i) => i))).not.toContain(false)
    expect(store.has('small 11999')).toBe(true)
    expect(store.has('small 0')).toBe(false)
    expect(store.volume()).toBeLessThan(2.1 * MIB)
  })

  test('lets the oldest go when they are few, but large', ({ store, clock }) => {
    for (let i = 0; i < 700; i++) store.set(i, Buffer.alloc(1_000))
    for (let i = 0; i < 400; i++) {
      store.set(String(i).padStart(8_192, '-'), i, { pin: 'share' })
      clock.advance(1)
    }
    expect(store.volume()).toBeLessThan(2.2 * MIB)
    expect(store.has('399'.padStart(8_192, '-'))).toBe(true)
    expect([...store.keys()].filter((key) => typeof key === 'number').length).toBeGreaterThan(500)
  })

  test('leaves data in place where maxEntries is small', ({ store, clock }) => {
    store.configure({ maxEntries: 32 })
    for (let i = 0; i < 40; i++) store.set(i, 'value')
    const present = () => [...store.keys()].filter((key) => typeof key === 'number').length
    expect(present()).toBe(32)
    for (let i = 0; i < 200; i++) {
      store.set(`small ${i}`, i, { pin: 'share' })
      clock.advance(1)
    }
    expect(present()).toBeGreaterThanOrEqual(28)
    expect(store.has('small 199')).toBe(true)
  })

  test('is judged by a sample in a large cache', ({ store }) => {
    store.configure({ sizeLimit: 4 * MIB })
    store.setMany(Array.from({ length: 12_000 }, (_, i) => [i, 'value']))
    for (let i = 0; i < 30_000; i += 1_000)
      store.setMany(Array.from({ length: 1_000 }, (_, j) => [`small ${i + j}`, j, { pin: 'share' as const }]))
    const left = store.hasMany(Array.from({ length: 12_000 }, (_, i) => i)).filter(Boolean).length
    expect(left).toBeGreaterThan(0.9 * 12_000)
    expect(store.volume()).toBeLessThan(4.2 * MIB)
  })

  test('stays through update(), incr() and rename(), and can be taken back', ({ store }) => {
    store.configure({ evictionPolicy: 'least-recently-stored' })
    store.set('number', 1, { pin: 'share' })
    store.incr('number')
    store.update('number', (entry) => ({ set: Number(entry?.value) + 1 }))
    store.rename('number', 'other')
    for (let i = 0; i < 5_000; i++) store.set(i, Buffer.alloc(1_000))
    expect(store.get('other')).toBe(3)
    store.update('other', () => ({ set: 4, pin: false }))
    for (let i = 0; i < 5_000; i++) store.set(i, Buffer.alloc(1_000))
    expect(store.has('other')).toBe(false)
  })

  test('is one of three values', ({ store }) => {
    const pin = 'always' as unknown as 'share'
    expect(() => store.set('key', 1, { pin })).toThrow('Cannot use pin: expected a boolean or "share"')
    expect(() => store.update('key', () => ({ set: 1, pin }))).toThrow(TypeError)
  })
})
