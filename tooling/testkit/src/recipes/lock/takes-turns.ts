import type { AsyncStore } from '@diskcache/core'
import { describe, expect } from 'vitest'
import { TIMEOUT } from '../lock-errors.ts'
import type { RecipeSuite } from '../recipe-suite.ts'
import { until } from '../until.ts'

interface Row {
  readonly line?: readonly { readonly owner: string; readonly until?: number }[]
}

const ROW_KEY = ['diskcache', 'lock', 'k']

/** The time in milliseconds after which whoever waits has the next turn, and that in which it has to take it. */
const [TENURE, TURN] = [10, 250]

/** Tests that those who wait in several processes have their turns, and that the dead keep nobody waiting. */
export function takesTurns(suite: RecipeSuite): void {
  servesInOrder(suite)
  endsTurns(suite)
}

function servesInOrder({ name, test, recipes: { Lock } }: RecipeSuite): void {
  describe(`${name}: Lock takes turns`, () => {
    test('Lock.acquire() serves processes in the order in which they stand in line', async ({
      store,
      reopen,
      clock,
    }) => {
      const hold = await new Lock(store, 'k').acquire()
      await addDead(store)
      const order: string[] = []
      const ask = async (caller: string, place: number) => {
        const lock = new Lock(reopen(), 'k')
        const turn = lock.run(() => {
          order.push(caller)
          clock.advance(TENURE)
        })
        await until(async () => (await lineOf(store)).length === place)
        return { turn }
      }
      const turns = [await ask('a', 2), await ask('b', 3)]
      await hold.release()
      turns.push(await ask('c', 4))
      clock.advance(TURN)
      await Promise.all(turns.map(({ turn }) => turn))
      expect(order).toEqual(['a', 'b', 'c'])
      expect(await lineOf(store)).toEqual([])
    })

    test('Lock.acquire() lets a process pass for a moment after a turn', async ({ store, reopen, clock }) => {
      const [here, there] = [new Lock(store, 'k'), new Lock(reopen(), 'k')]
      await (await here.acquire()).release()
      await addDead(store)
      const turn = here.acquire()
      await until(async () => (await lineOf(store)).length === 2)
      await addDead(store)
      clock.advance(TURN)
      await (await turn).release()
      await (await there.acquire()).release()
      clock.advance(TENURE)
      await expect(there.acquire({ timeout: 30 })).rejects.toMatchObject(TIMEOUT)
    })

    test('Lock.tryAcquire() and a timeout of 0 pass those who wait', async ({ store }) => {
      const lock = new Lock(store, 'k')
      await (await lock.acquire()).release()
      await addDead(store)
      expect(await lock.locked()).toBe(false)
      const hold = await lock.tryAcquire()
      expect(hold).toBeDefined()
      await hold?.release()
      await (await lock.acquire({ timeout: 0 })).release()
      expect(await lineOf(store)).toHaveLength(1)
    })
  })
}

function endsTurns({ name, test, recipes: { Lock } }: RecipeSuite): void {
  describe(`${name}: Lock ends turns`, () => {
    test.for(['timeout', 'signal'] as const)(
      'who gives up by a %s leaves the line',
      async (way, { store, reopen }) => {
        const hold = await new Lock(store, 'k').acquire()
        await addDead(store)
        const controller = new AbortController()
        const wait = way === 'timeout' ? { timeout: 200 } : { signal: controller.signal }
        const waiting = expect(new Lock(reopen(), 'k').acquire(wait)).rejects.toBeDefined()
        await until(async () => (await lineOf(store)).length === 2)
        controller.abort(new Error('enough'))
        await waiting
        await until(async () => (await lineOf(store)).length === 1)
        await hold.release()
      },
    )
  })
}

/** Lets a process that is dead by now wait at the end of the line. */
async function addDead(store: AsyncStore): Promise<void> {
  await store.update(ROW_KEY, (entry) => {
    const { line = [], ...row } = (entry?.value ?? {}) as Row
    return { set: { ...row, line: [...line, { owner: `dead ${line.length}` }] } }
  })
}

/** Returns the line as the row has it. */
async function lineOf(store: AsyncStore): Promise<NonNullable<Row['line']>> {
  return ((await store.get(ROW_KEY)) as Row | undefined)?.line ?? []
}
