import { expect, test } from 'vitest'
import type { PeerStore } from '../peers/peer.ts'
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

/** Asks as the worker program does. */
function asking(store: PeerStore): (name: string, ...args: unknown[]) => Promise<unknown> {
  const commands = storeCommands(store)
  return async (name, ...args) => commands[name]?.(...(args as never[]))
}

function mapStore(): { store: PeerStore; values: Map<string, string> } {
  const values = new Map<string, string>()
  const set = (key: string, value: string) => void values.set(key, value)
  return { store: { get: (key) => values.get(key), set, close: () => {} }, values }
}
