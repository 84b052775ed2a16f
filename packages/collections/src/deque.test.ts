import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { Cache, EncryptedDisk } from '@diskcache/cache'
import { FanoutCache } from '@diskcache/fanout'
import { directoryTest as test } from '@diskcache/testkit'
import { expect } from 'vitest'
import { Deque } from './deque.ts'
import { Index } from './index-map.ts'

/** So long that it becomes a file. */
const LARGE = 'x'.repeat(40_000)

test('Deque keeps its items when it is opened again', ({ directory }) => {
  new Deque(directory, { values: [1, { two: 2 }, LARGE] }).close()
  using deque = new Deque(directory)
  expect([...deque]).toEqual([1, { two: 2 }, LARGE])
})

test('Deque shortens itself when it is opened with a smaller maxLength', ({ directory }) => {
  new Deque(directory, { values: [1, 2, 3, 4] }).close()
  using deque = new Deque(directory, { maxLength: 2 })
  expect([...deque]).toEqual([3, 4])
  deque.append(5)
  deque.appendLeft(3)
  expect([...deque]).toEqual([3, 4])
  deque.extend([6, 7, 8])
  expect([...deque]).toEqual([7, 8])
})

test('Deque with a maxLength of 0 keeps nothing', ({ directory }) => {
  using deque = new Deque(directory, { maxLength: 0, values: [1] })
  deque.append(2)
  expect(deque.length).toBe(0)
})

test('Deque writes nothing when it is opened to be read', ({ directory }) => {
  new Deque(directory, { values: [1, 2] }).close()
  using deque = new Deque(directory, { readonly: true })
  expect([...deque, deque.at(1), deque.peekLeft()]).toEqual([1, 2, 2, 1])
  expect(() => deque.append(3)).toThrow(expect.objectContaining({ code: 'ERR_DISKCACHE_READONLY' }))
})

test('Deque never evicts', ({ directory }) => {
  using deque = new Deque(directory, { sizeLimit: 50_000 })
  for (let i = 0; i < 10; i++) deque.append(`${i}${LARGE}`)
  expect(deque.length).toBe(10)
  expect(() => deque.append('x'.repeat(50_001))).toThrow(
    expect.objectContaining({ code: 'ERR_DISKCACHE_TOO_LARGE' }),
  )
})

test('Deque extend() with itself doubles it, and ends', ({ directory }) => {
  using deque = new Deque(directory, { values: [1, 2] })
  deque.extend(deque)
  expect([...deque]).toEqual([1, 2, 1, 2])
})

test('Deque insert() moves the items of the nearer side, up to the next gap', ({ directory }) => {
  using cache = new Cache<number, string>(directory, { evictionPolicy: 'none' })
  const deque = Deque.from(cache, { values: [...'abcdefgh'] })
  const keys = () => [...cache.keys({ order: 'sorted' })].map((key) => key - 500_000_000_000_000)
  deque.delete(1)
  deque.insert(3, 'X')
  expect([...deque].join('')).toBe('acdXefgh')
  expect(keys()).toEqual([0, 1, 2, 3, 4, 5, 6, 7])
  deque.insert(6, 'Y')
  expect([...deque].join('')).toBe('acdXefYgh')
  expect(keys()).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8])
  deque.insert(-8, 'Z')
  expect([...deque].join('')).toBe('aZcdXefYgh')
  expect(keys()).toEqual([-1, 0, 1, 2, 3, 4, 5, 6, 7, 8])
})

test('Deque insert() refuses when the maxLength is reached', ({ directory }) => {
  using deque = new Deque(directory, { maxLength: 2, values: [1, 2] })
  expect(() => deque.insert(1, 9)).toThrow(/maxLength of 2/)
  expect([...deque]).toEqual([1, 2])
})

test('Deque rotate() writes as many items as there are steps', ({ directory }) => {
  using cache = new Cache<number, number>(directory, { evictionPolicy: 'none' })
  const deque = Deque.from(cache, { values: Array.from({ length: 1_000 }, (_, i) => i) })
  const before = new Set(cache.keys())
  deque.rotate(998)
  expect(deque.at(0)).toBe(2)
  expect([...cache.keys()].filter((key) => !before.has(key))).toHaveLength(2)
  deque.rotate(-1_000_000_002)
  expect(deque.at(0)).toBe(4)
  expect(() => deque.rotate(0.5)).toThrow(RangeError)
})

test('Deque reverse() comes back to the keys that it began with', ({ directory }) => {
  using cache = new Cache<number, number>(directory, { evictionPolicy: 'none' })
  const deque = Deque.from(cache, { values: [1, 2, 3] })
  const distance = () => Math.abs((cache.keyAt(0) as number) - 500_000_000_000_000)
  for (let i = 0; i < 50; i++) deque.reverse()
  expect([...deque]).toEqual([1, 2, 3])
  expect(distance()).toBeLessThan(10)
})

test('Deque moves large items without writing their files again', ({ directory }) => {
  using cache = new Cache<number, string>(directory, { evictionPolicy: 'none' })
  const deque = Deque.from(cache, { values: ['a', LARGE, 'b', LARGE] })
  const volume = cache.volume()
  deque.rotate(1)
  deque.reverse()
  deque.insert(2, 'c')
  expect([...deque]).toEqual(['b', LARGE, 'c', 'a', LARGE].map((item) => item))
  expect(cache.volume()).toBe(volume)
  expect(cache.check()).toEqual([])
})

test('Deque compares items as they come back', ({ directory }) => {
  class Point {
    constructor(x: number) {
      Object.assign(this, { x })
    }
  }
  const values = [new Point(1), new Uint8Array([1, 2]), [undefined]]
  using deque = new Deque(join(directory, 'plain'), { values, classes: 'plain' })
  expect(deque.indexOf(new Point(1))).toBe(0)
  expect(deque.indexOf(new Uint8Array([1, 2]))).toBe(1)
  expect(deque.remove([undefined])).toBe(true)
  expect(deque.count({ x: 1 })).toBe(1)
  const point = {
    type: Point,
    write: (it: Point) => ({ ...it }),
    read: ({ x }: { x: number }) => new Point(x),
  }
  using named = new Deque(join(directory, 'named'), { values, classes: { point } })
  expect([named.indexOf(new Point(1)), named.indexOf(new Point(2)), named.count({ x: 1 })]).toEqual([
    0, -1, 0,
  ])
  expect(named.equals(values)).toBe(true)
  using copy = named.copy(pathToFileURL(join(directory, 'copy')))
  expect([copy.at(0), copy.cache.directory]).toEqual([new Point(1), join(directory, 'copy')])
})

test('Deque set() and at() refuse positions that are none', ({ directory }) => {
  using deque = new Deque(directory, { values: [1] })
  expect(() => deque.set(1, 2)).toThrow(/Cannot set item 1: the deque has 1/)
  expect(() => deque.at(0.5)).toThrow(RangeError)
  expect(() => deque.at('0' as never)).toThrow(TypeError)
})

test('Deque copy() is a deque of its own', ({ directory }) => {
  using deque = new Deque(join(directory, 'a'), { maxLength: 3, values: [1, 2] })
  using copy = deque.copy(join(directory, 'b'))
  copy.append(3)
  expect([[...deque], [...copy], copy.maxLength]).toEqual([[1, 2], [1, 2, 3], 3])
})

test('Deque in() lives inside a FanoutCache', ({ directory }) => {
  using store = new FanoutCache(directory, { shards: 2 })
  using jobs = Deque.in(store, 'jobs/today', { values: [1] })
  expect(jobs.directory).toBe(join(store.directory, 'deque', 'jobs', 'today'))
  using again = Deque.in<number>(store, 'jobs/today')
  expect(again.popLeft()).toBe(1)
})

test('Deque from() refuses a cache that evicts, unless told so, and leaves it open', ({ directory }) => {
  using cache = new Cache<number, number>(directory)
  expect(() => Deque.from(cache)).toThrow(/s3-fifo/)
  const deque = Deque.from(cache, { allowEviction: true, values: [1] })
  deque.close()
  expect(cache.size).toBe(1)
})

test('Deque refuses a cache with other entries, and illegal options', ({ directory }) => {
  using cache = new Cache<never, number>(directory, { evictionPolicy: 'none' })
  cache.set('name' as never, 1)
  const formatError = expect.objectContaining({ code: 'ERR_DISKCACHE_FORMAT' })
  expect(() => Deque.from(cache)).toThrow(formatError)
  expect(() => new Deque(directory)).toThrow(formatError)
  expect(() => new Deque(directory, { evictionPolicy: 'none' } as never)).toThrow(/evictionPolicy/)
  expect(() => new Deque(directory, { maxLenght: 3 } as never)).toThrow(/unknown option 'maxLenght'/)
  expect(() => new Deque(directory, { maxLength: -1 })).toThrow(RangeError)
  for (const source of [1, null, {}, true])
    expect(() => new Deque(source as never)).toThrow(/^Cannot use .*: expected a directory or a Cache$/)
})

test('Deque iterates while items are added and taken', ({ directory }) => {
  using deque = new Deque<number>(directory, { values: Array.from({ length: 500 }, (_, i) => i) })
  const seen: number[] = []
  for (const item of deque) {
    seen.push(item)
    deque.popLeft()
    deque.append(1_000 + item)
  }
  expect(seen.length).toBeLessThanOrEqual(1_000)
  expect(new Set(seen).size).toBe(seen.length)
})

test('Deque.cache is the cache of the items, and is closed with the deque that opened it', async ({
  directory,
}) => {
  const deque = new Deque<string>(directory, { values: ['a', 'b'] })
  const { cache, promises } = deque
  expect([cache.directory, cache.size, cache.check()]).toEqual([directory, 2, []])
  const undone = () =>
    cache.transact(() => {
      deque.append(deque.popLeft() as string)
      throw new Error('undone')
    })
  expect(undone).toThrow('undone')
  expect(cache.pull()?.value).toBe('a')
  await promises.cache.push('c')
  expect([...deque]).toEqual(['b', 'c'])
  deque.close()
  expect(cache.isOpen).toBe(false)
})

test('Deque.cache is the one that the deque was made of, which stays open', ({ directory }) => {
  using cache = new Cache<number, string>(directory, { evictionPolicy: 'none' })
  const deque = Deque.from(cache)
  expect(deque.cache).toBe(cache)
  expect(deque.promises.cache).toBe(cache.promises)
  deque.close()
  expect(cache.isOpen).toBe(true)
})

test('Deque and Index throw at once where another one of this process is inside transact()', ({
  directory,
}) => {
  const refusal = expect.objectContaining({ code: 'ERR_DISKCACHE_REENTRANT' })
  using deque = new Deque(join(directory, 'deque'))
  using otherDeque = new Deque(join(directory, 'deque'))
  deque.transact(() => expect(() => otherDeque.append(1)).toThrow(refusal))
  using index = new Index(join(directory, 'index'))
  using otherIndex = new Index(join(directory, 'index'))
  index.transact(() => expect(() => otherIndex.set('a', 1)).toThrow(refusal))
})

test('collections refuse a time to live, which would let items vanish', ({ directory }) => {
  using cache = new Cache<never, number>(directory, { evictionPolicy: 'none', ttl: 60_000 })
  for (const refused of [
    () => new Deque(`${directory}/own`, { ttl: 60_000 } as object),
    () => new Deque(cache as never),
    () => new Index(cache as never),
    () => new Deque(cache as never, { allowEviction: true }),
  ])
    expect(refused).toThrow('ttl')
})

test('collections refuse maxEntries, which would do nothing', ({ directory }) => {
  const options = { maxEntries: 5 } as object
  for (const refused of [() => new Deque(directory, options), () => new Index(directory, options)])
    expect(refused).toThrow(
      new TypeError('Cannot use maxEntries: a collection never evicts; a Deque has maxLength'),
    )
})

test('collections refuse a namespace, and say what they take', ({ directory }) => {
  using cache = new Cache(directory, { evictionPolicy: 'none' })
  const namespace = cache.namespace('a') as never
  for (const refused of [() => new Deque(namespace), () => new Index(namespace), () => Index.from(namespace)])
    expect(refused).toThrow(
      'Cannot use a namespace: a collection has a directory or a whole Cache for itself',
    )
})

test('Deque and Index keep what is encrypted, and move it', ({ directory }) => {
  const disk = new EncryptedDisk({ keys: [Buffer.alloc(32, 1)], entryKey: Buffer.alloc(32, 2) })
  using deque = new Deque<unknown>(join(directory, 'deque'), { disk, values: [1, { two: 2 }, LARGE] })
  deque.rotate(1)
  deque.appendLeft('first')
  expect([...deque]).toEqual(['first', LARGE, 1, { two: 2 }])
  expect([deque.pop(), deque.popLeft(), deque.at(1)]).toEqual([{ two: 2 }, 'first', 1])
  using index = new Index<string, unknown>(join(directory, 'index'), { disk })
  index.set('b', LARGE).set('a', 1)
  expect([...index]).toEqual([
    ['b', LARGE],
    ['a', 1],
  ])
})
