import { DiskCacheError, type Entry } from '@diskcache/core'
import { expect } from 'vitest'
import { describeRedis } from '../../../tests/servers/describe-redis.ts'
import { redisTest } from '../../../tests/servers/redis-test.ts'
import type { RedisStore } from '../../index.ts'

const LARGE = 'x'.repeat(100_000)

type Seen = Entry<unknown> | undefined

const settled = (promises: readonly Promise<unknown>[]) =>
  Promise.allSettled(promises).then((all) =>
    all.map((one) => (one.status === 'fulfilled' ? (one.value as Seen)?.value : one.reason)),
  )

describeRedis('RedisStore.update(), several of one entry at once', () => {
  const test = redisTest()
  const append = (store: RedisStore, letter: string) =>
    store.update('k', (entry) => ({ set: [...((entry?.value as string[]) ?? []), letter] }))

  test('go one after the other, whoever else changes the entry', async ({ open }) => {
    const stores = [open(), open()]
    const letters = [...'abcdefghij']
    const updates = stores.map((store, i) => settled(letters.map((letter) => append(store, `${i}${letter}`))))
    const [first, second] = (await Promise.all(updates)) as string[][][]
    const end = (await open().get('k')) as string[]
    for (const [i, results] of [first, second].entries()) {
      expect(end.filter((item) => item.startsWith(String(i)))).toEqual(
        letters.map((letter) => `${i}${letter}`),
      )
      for (const [j, result] of (results ?? []).entries())
        expect(result).toEqual(end.slice(0, end.indexOf(`${i}${letters[j]}`) + 1))
    }
  })

  test('keep what each decides: values, removals, failures and large values', async ({ store }) => {
    const seen: unknown[] = []
    const results = await settled([
      append(store, 'a'),
      append(store, 'b'),
      store.update('k', (entry) => {
        const list = entry?.value as string[]
        list.push('changed, and kept as it was')
        return { keep: true }
      }),
      append(store, 'c'),
      store.update('k', () => {
        throw new Error('not now')
      }),
      append(store, 'd'),
      store.update('k', () => ({ delete: true })),
      append(store, 'e'),
      store.update('k', () => ({ set: LARGE })),
      store.update('k', (entry) => {
        seen.push(String(entry?.value).length)
        return { set: 'short' }
      }),
    ])
    expect(results[2]).toEqual(['a', 'b', 'changed, and kept as it was'])
    expect(results.toSpliced(2, 1)).toEqual([
      ['a'],
      ['a', 'b'],
      ['a', 'b', 'c'],
      new Error('not now'),
      ['a', 'b', 'c', 'd'],
      undefined,
      ['e'],
      LARGE,
      'short',
    ])
    expect(seen.at(-1)).toBe(LARGE.length)
    expect(await store.get('k')).toBe('short')
    expect(await store.check()).toEqual([])
  })
})

describeRedis('RedisStore.update(), one of several at once', () => {
  const test = redisTest()

  test('is shown what the one before left: tags, expiry, and a value of their own', async ({ store }) => {
    await store.set('k', { n: 0 }, { tag: 'old', ttl: 1e6 })
    const seen: Seen[] = []
    const note = (entry: Seen, change: object) => {
      seen.push(entry && { ...entry, value: structuredClone(entry.value) })
      Object.assign(entry?.value ?? {}, { n: 'of this callback' })
      return { set: { n: seen.length }, ...change }
    }
    const value = { n: -1 }
    const results = await Promise.all([
      store.update('k', () => ({ set: value })),
      store.update('k', (entry) => note(entry, { tag: ['a', 'b'] })),
      store.update('k', (entry) => note(entry, { ttl: 5e6 })),
      store.update('k', (entry) => note(entry, {})),
      store.update('k', (entry) => note(entry, { ttl: Infinity, tag: [] })),
    ])
    expect(seen.slice(-4).map((entry) => entry?.tags)).toEqual([['old'], ['a', 'b'], ['a', 'b'], ['a', 'b']])
    const [, , before, after] = seen.slice(-4).map((entry) => entry?.expireTime as number)
    expect(after).toBe(before)
    expect(Math.abs((before as number) - Date.now() - 5e6)).toBeLessThan(60_000)
    expect(results[0]?.value).toBe(value)
    expect(value).toEqual({ n: -1 })
    expect(await store.getEntry('k')).toMatchObject({ expireTime: null, tags: [] })
  })

  test('fails alone where its value is too large', async ({ open }) => {
    const store = open({ maxValueSize: 1_000 })
    const set = (value: string) => store.update('k', () => ({ set: value }))
    const [one, two, large, three] = await settled(['1', '2', LARGE, '3'].map(set))
    expect([one, two, three]).toEqual(['1', '2', '3'])
    expect(large).toBeInstanceOf(DiskCacheError)
    expect(await store.get('k')).toBe('3')
  })
})
