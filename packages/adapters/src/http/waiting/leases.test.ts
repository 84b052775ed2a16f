import { MemoryStore } from '@diskcache/testkit/memory'
import { expect, test } from 'vitest'
import { rowKey } from '../storing/rows.ts'
import { StoreAccess } from '../storing/store-access.ts'
import { Lease, Leases } from './leases.ts'

test.for(['text', null, 5, {}, { verdict: 'alone' }])(
  'Leases.acquire() takes the place of %o, which is no lease',
  async (value) => {
    await using store = new MemoryStore()
    const leases = new Leases(store, {
      name: 'n',
      time: 10_000,
      access: new StoreAccess(store, { name: 'test' }),
    })
    await store.set(rowKey('n', 'lease', 'id'), value)
    await leases.free('id', AbortSignal.timeout(10_000))
    const lease = (await leases.acquire('id', 0)) as Lease
    expect(lease).toBeInstanceOf(Lease)
    expect(await leases.acquire('id', 0)).toBe('taken')
    await lease.release()
    expect(await store.count()).toBe(0)
  },
)

test('Leases.acquire() gives a failure to those who waited already, and lets others try', async () => {
  await using store = new MemoryStore()
  const leases = new Leases(store, {
    name: 'n',
    time: 10_000,
    access: new StoreAccess(store, { name: 'test' }),
  })
  const before = Date.now() - 1
  await ((await leases.acquire('id', before)) as Lease).release('failed')
  expect(await leases.acquire('id', before)).toBe('failed')
  const later = (await leases.acquire('id', Date.now())) as Lease
  expect(later).toBeInstanceOf(Lease)
  await later.release('alone')
  expect(await leases.acquire('id', Date.now() + 1)).toBe('alone')
})
