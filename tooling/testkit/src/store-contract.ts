import type { Store } from '@diskcache/core'
import { afterAll, beforeAll, describe, expect } from 'vitest'
import { SecondProcess } from './second-process.ts'
import { BUSY, STORE_CASES, type StoreCase, type StoreMember } from './store-cases.ts'
import { type OpenStore, storeTest } from './store-test.ts'

const CASES = Object.entries(STORE_CASES) as [StoreMember, StoreCase][]

/**
 * Defines tests for a synchronous engine: every member of `Store`, on an open, a reopened and a closed store, inside
 * `transact` and `update`, beside a store that holds the lock, and from a second process. What may differ between engines
 * follows the `capabilities` of the store itself.
 *
 * @param name stands before the title of every test
 * @param open opens a store in a directory; all stores of one directory share their entries
 * @param factory a module that exports the same function as `open`; a second process, plain Node, imports it
 */
export function storeContract(name: string, open: OpenStore, factory: URL): void {
  const test = storeTest(open)

  describe.each(CASES)(`${name}: %s`, (member, { arrange, act, expected, busy, isAsync, worksClosed }) => {
    test('works on an open store', async ({ store }) => {
      arrange?.(store)
      expect(await act(store)).toEqual(expected)
    })

    test('works on a reopened store', async ({ store, reopen }) => {
      arrange?.(store)
      store.close()
      expect(await act(reopen())).toEqual(expected)
    })

    test('works beside another store of the same process', async ({ store, reopen }) => {
      arrange?.(store)
      expect(await act(reopen())).toEqual(expected)
    })

    if (!isAsync && member !== 'close' && member !== 'Symbol.dispose') {
      test('works inside transact()', ({ store }) => {
        arrange?.(store)
        expect(store.transact(() => act(store))).toEqual(expected)
      })

      test('is undone when transact() fails', ({ store }) => {
        arrange?.(store)
        const before = [...store.entries({ order: 'sorted' })]
        const undone = new Error('undone')
        const failing = () =>
          store.transact(() => {
            act(store)
            throw undone
          })
        expect(failing).toThrow(undone)
        expect([...store.entries({ order: 'sorted' })]).toEqual(before)
      })
    }

    test(
      worksClosed ? 'works on a closed store' : 'throws ERR_DISKCACHE_CLOSED on a closed store',
      async ({ store }) => {
        store.close()
        const result = (async () => act(store))()
        if (worksClosed) expect(await result).toEqual(expected)
        else await expect(result).rejects.toMatchObject({ code: 'ERR_DISKCACHE_CLOSED' })
      },
    )

    if (!isAsync) {
      test('does what its capabilities say while another store holds the lock', ({ store, reopen }) => {
        arrange?.(store)
        const patient = reopen({ timeout: 2 })
        store.transact(() => {
          const drops = patient.capabilities.onBusy === 'drop'
          if (busy === undefined) expect(act(patient)).toEqual(expected)
          else if (busy !== BUSY && drops) expect(act(patient)).toEqual(busy)
          else expect(() => act(patient)).toThrow(expect.objectContaining({ code: 'ERR_DISKCACHE_TIMEOUT' }))
        })
      })
    }

    if (!worksClosed) {
      test('throws ERR_DISKCACHE_REENTRANT inside update()', async ({ store }) => {
        arrange?.(store)
        let inner: unknown
        store.update('outer', () => {
          inner = (async () => act(store))()
          return { keep: true }
        })
        await expect(inner).rejects.toMatchObject({ code: 'ERR_DISKCACHE_REENTRANT' })
      })
    }
  })

  test(`${name} iterates as its capabilities say`, ({ store }) => {
    const keys = ['c', 'a', 'd', 'b', 'e'].flatMap((key) => [key, `${key}${key}`])
    for (const key of keys) store.set(key, key)
    store.set('a', 'replaced')
    expect([...store.keys()].toSorted()).toEqual(keys.toSorted())
    expect([...store.keys({ order: 'sorted' })]).toEqual(keys.toSorted())
    expect([...store.keys({ order: 'sorted', reverse: true })]).toEqual(keys.toSorted().reverse())
    if (store.capabilities.orders.includes('insertion')) expect([...store.keys()]).toEqual(keys)
  })

  test(`${name}: promises.waitFor() hears of what the synchronous face does`, async ({ store }) => {
    const { promises } = store as Store
    const signal = AbortSignal.timeout(20_000)
    for (const write of [() => store.set('k', 1), () => store.transact(() => store.incr('k'))]) {
      const changed = promises.waitFor?.(['k'], { signal })
      write()
      await changed
    }
  })

  test(`${name} counts what it dropped, if it drops`, ({ store, reopen }) => {
    const impatient = reopen({ timeout: 2 })
    store.transact(() => {
      if (impatient.capabilities.onBusy === 'drop') impatient.set('k', 1)
    })
    expect(impatient.stats({ reset: true }).dropped).toBe(impatient.capabilities.onBusy === 'drop' ? 1 : 0)
    expect(impatient.stats().dropped).toBe(0)
  })

  describe(`${name} from a second process`, () => {
    let second: SecondProcess
    beforeAll(() => {
      second = new SecondProcess(factory)
    })
    afterAll(() => second.stop())

    for (const [member, { arrange, expected }] of CASES) {
      test(`${member} works`, async ({ store, directory, clock }) => {
        arrange?.(store)
        expect(await second.run({ member, directory, time: clock.time })).toEqual(expected)
      })
    }
  })
}
