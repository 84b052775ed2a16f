import { join } from 'node:path'
import { Cache } from '@diskcache/cache'
import { createTable } from '../output/table.ts'
import { runWorkers } from '../run-workers.ts'
import { type Method, readCounter } from './increment.ts'

const PROCESSES = 4
const TIMES = 100
const ATTEMPTS = 3

/** Where a count of all increments ends. */
const EXPECTED = PROCESSES * TIMES

/** Counts without a transaction and with one, prints both, and returns whether the second lost nothing. */
export async function raceCounters(print: (line: string) => void): Promise<boolean> {
  const alone = await countUntilLost(print)
  const together = await countTogether('the same inside transact')
  const table = createTable([`${PROCESSES} processes, ${TIMES} increments each`, 'counter', 'lost'])
  table.push(
    ['get, then set', alone, EXPECTED - alone],
    ['the same inside transact', together, EXPECTED - together],
  )
  print(table.toString())
  return together === EXPECTED
}

/** A race can end well by luck. */
async function countUntilLost(print: (line: string) => void): Promise<number> {
  for (let attempt = 1; ; attempt++) {
    const count = await countTogether('get, then set')
    if (count < EXPECTED || attempt === ATTEMPTS) return count
    print(`Without a transaction the counter came to ${EXPECTED} by luck; once more.`)
  }
}

/** Where the counter ends when several processes count at the same time, in a new cache. */
async function countTogether(method: Method): Promise<number> {
  using cache = new Cache<string, number>()
  await runWorkers({
    module: join(import.meta.dirname, 'counter-worker.ts'),
    args: [cache.directory, method, String(TIMES), String(PROCESSES)],
    count: PROCESSES,
  })
  return readCounter(cache)
}
