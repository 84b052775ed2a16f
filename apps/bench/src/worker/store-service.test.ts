import { expect, test } from 'vitest'
import type { PeerCalls, PeerStore } from '../peers/peer.ts'
import { type LoadResult, storeCommands } from './store-service.ts'

const SMALL = { keys: 10, bytes: 100 }

test('storeCommands() makes calls for a while, and gives a key another value each time', async () => {
  const { store, values } = mapStore()
  const ask = asking(store)
  await ask('fill', SMALL)
  const before = new Map(values)
  const { calls, latencies, failures } = (await ask('load', 'set', 0, 5)) as LoadResult
  expect(calls).toBe(latencies.reduce((sum, [, count]) => sum + count, 0))
  expect(failures).toEqual({})
  for (const [key, value] of values) if (key !== 'trial') expect(value).not.toBe(before.get(key))
})

test('storeCommands() refuses a store that gives something else than it was given', async () => {
  const ask = asking({ ...mapStore().store, get: () => 'something else' })
  await expect(ask('fill', SMALL)).rejects.toThrow('it gave "something else" instead of')
})

test('storeCommands() knows which calls can be in flight', async () => {
  const { store } = mapStore()
  expect(await asking(store)('operations')).toEqual(['get', 'set'])
  const eventual = { ...store, get: async (key: string) => store.get(key) }
  expect(await asking(eventual)('operations')).toContain('getFlight')
})

test('storeCommands() counts what fails under load, and reads of half a value', async () => {
  const { store } = mapStore()
  let sets = 0
  const set = (key: string, value: string) => {
    if (++sets > 10 && sets % 3 === 0) throw Object.assign(new Error('Cannot write'), { code: 'SQLITE_BUSY' })
    return sets > 10 && sets % 3 === 1 ? false : store.set(key, value.slice(sets > 10 ? 50 : 0))
  }
  const ask = asking({ ...store, set })
  await ask('fill', SMALL)
  const { failures } = (await ask('load', 'set', 0, 5)) as LoadResult
  expect(failures).toEqual({ SQLITE_BUSY: expect.any(Number), 'gave false': expect.any(Number) })
  const { failures: half } = (await ask('load', 'get', 0, 5)) as LoadResult
  expect(Object.keys(half)[0]).toMatch(/^gave "/)
})

test('storeCommands() works on a store that has no entries, and makes single calls', async () => {
  const taken = new Map<string, number>()
  const consume = (key: string) => {
    taken.set(key, (taken.get(key) ?? 0) + 1)
    return taken.get(key)
  }
  const ask = asking({ consume, close: () => {} })
  expect(await ask('operations')).toEqual(['consume'])
  await ask('fill', SMALL)
  const { calls, failures } = (await ask('load', 'consume', 0, 5)) as LoadResult
  expect(taken.values().reduce((sum, times) => sum + times)).toBe(calls)
  expect(failures).toEqual({})
  expect(await ask('call', 'consume', 'another')).toBe(1)
  await expect(ask('call', 'get', 'another')).rejects.toThrow('there is no get')
})

test('storeCommands() names a failure by its first cause', async () => {
  const cause = Object.assign(new Error('Cannot read'), { code: 'EIO' })
  const get = () => {
    throw Object.assign(new Error('Cannot get', { cause }), { code: 'E_LAYER' })
  }
  const { failures } = (await asking({ ...mapStore().store, get })('load', 'get', 0, 5)) as LoadResult
  expect(Object.keys(failures)).toEqual(['EIO'])
})

test('storeCommands() counts what was kept of new entries', async () => {
  const { store } = mapStore()
  const set = (key: string, value: string) => (key === 'b' ? undefined : store.set(key, value))
  const ask = asking({ ...store, set })
  await ask('write', ['a', 'b', 'c'])
  expect(await ask('find', ['a', 'b', 'c'])).toBe(2)
})

/** Asks as the worker program does. */
function asking(store: PeerCalls): (name: string, ...args: unknown[]) => Promise<unknown> {
  const commands = storeCommands(store)
  return async (name, ...args) => commands[name]?.(...(args as never[]))
}

function mapStore(): { store: PeerStore; values: Map<string, string> } {
  const values = new Map<string, string>()
  const set = (key: string, value: string) => void values.set(key, value)
  return { store: { get: (key) => values.get(key), set, close: () => {} }, values }
}
