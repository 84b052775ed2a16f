import { expect, test } from 'vitest'
import type { PeerStore } from './peer.ts'
import { type LoadResult, PeerService } from './peer-service.ts'

test('PeerService.answer() makes as many calls as the line says', async () => {
  const { store, calls } = mapStore()
  const service = new PeerService(store)
  await service.answer('fill 10 100')
  calls.length = 0
  expect(await service.answer('get 7')).toBeGreaterThanOrEqual(0)
  expect(calls).toEqual(Array(7).fill('get'))
})

test('PeerService.answer() leaves every key there after deletes', async () => {
  const { store, values } = mapStore()
  const service = new PeerService(store)
  await service.answer('fill 10 100')
  await service.answer('delete 7')
  await service.answer('each delete 7')
  expect(values.size).toBe(10)
})

test('PeerService.answer() gives a key another value each time', async () => {
  const { store, values } = mapStore()
  const service = new PeerService(store)
  await service.answer('fill 10 100')
  const before = new Map(values)
  await service.answer('set 10')
  for (const [key, value] of values) expect(value).not.toBe(before.get(key))
})

test('PeerService.answer() refuses a store that gives something else than it was given', async () => {
  const { store } = mapStore()
  const service = new PeerService({ ...store, get: () => 'something else' })
  await expect(service.answer('fill 10 100')).rejects.toThrow('it gave "something else" instead of')
})

test('PeerService.answer() knows which calls can be in flight', async () => {
  const { store } = mapStore()
  expect(await new PeerService(store).answer('operations')).toEqual(['get', 'set', 'delete'])
  const eventual = { ...store, get: async (key: string) => store.get(key) }
  expect(await new PeerService(eventual).answer('operations')).toContain('getFlight')
})

test('PeerService.answer() counts what fails under load', async () => {
  const { store } = mapStore()
  let sets = 0
  const set = (key: string, value: string) => {
    if (++sets > 10 && sets % 3 === 0) throw Object.assign(new Error('Cannot write'), { code: 'SQLITE_BUSY' })
    return sets > 10 && sets % 3 === 1 ? false : store.set(key, value)
  }
  const service = new PeerService({ ...store, set })
  await service.answer('fill 10 100')
  const result = (await service.answer(`load set ${Date.now()} 5`)) as LoadResult
  expect(result.errors).toEqual({ SQLITE_BUSY: expect.any(Number) })
  expect(result.refused).toBeGreaterThan(0)
  expect(result.calls).toBe(result.latencies.reduce((sum, [, count]) => sum + count, 0))
})

test('PeerService.answer() counts reads of half a value as misses', async () => {
  const { store } = mapStore()
  let half = false
  const get = (key: string) => (half ? (store.get(key) as string).slice(50) : store.get(key))
  const service = new PeerService({ ...store, get })
  await service.answer('fill 10 100')
  half = true
  const result = (await service.answer(`load mixed ${Date.now()} 5`)) as LoadResult
  expect(result.misses).toBe(result.calls - Math.floor(result.calls / 10))
})

test('PeerService.answer() finds what another has marked', async () => {
  const { store, values } = mapStore()
  await new PeerService(store).answer('mark 3 10')
  values.delete('mark:3:4')
  expect(await new PeerService(store).answer('seen 3 10')).toBe(9)
})

function mapStore(): { store: PeerStore; values: Map<string, string>; calls: string[] } {
  const values = new Map<string, string>()
  const calls: string[] = []
  const store: PeerStore = {
    get(key) {
      calls.push('get')
      return values.get(key)
    },
    set: (key, value) => {
      values.set(key, value)
    },
    delete: (key) => values.delete(key),
    close: () => {},
  }
  return { store, values, calls }
}
