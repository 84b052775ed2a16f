import { join } from 'node:path'
import { Cache } from '@diskcache/cache'
import Database from 'better-sqlite3'
import type { Random } from '../../../../packages/cache/tests/processes/random.ts'
import type { FuzzTarget } from './fuzz-target.ts'
import { mutate } from './mutate.ts'

const COLUMNS = [
  'key',
  'raw',
  'store_time',
  'expire_time',
  'access_time',
  'access_count',
  'tag',
  'size',
  'mode',
  'filename',
  'value',
  'node_pin',
  'node_sum',
] as const

const NAME = `ab/cd/${'0'.repeat(28)}.val`

/** The inputs after which the cache is emptied, as each leaves a row. */
const ROWS = 50

/** Rows of any types and values, read and changed by every kind of operation. */
export function rowTarget(directory: string): FuzzTarget {
  const cache = new Cache<string | number, unknown>(directory)
  const raw = new Database(join(directory, 'cache.db'))
  // Python's word, so that rows without a checksum are believed.
  raw.exec("INSERT OR REPLACE INTO Settings VALUES ('disk_pickle_protocol', 5)")
  cache.set('sound', { a: [1, 'two'] })
  const message = raw.prepare("SELECT value FROM Cache WHERE key = 'sound'").pluck().get() as Buffer
  const insert = raw.prepare(
    `INSERT OR REPLACE INTO Cache (${COLUMNS}) VALUES (${COLUMNS.map(() => '?').join(', ')})`,
  )
  let rows = 0
  return {
    name: 'rows',
    try(random) {
      if (++rows % ROWS === 0) raw.exec('DELETE FROM Cache')
      insert.run(...COLUMNS.map((column) => cell(column, message, random)))
      random.pick(OPERATIONS)(cache)
    },
    [Symbol.dispose]() {
      raw.close()
      cache.close()
    },
  }
}

const OPERATIONS: readonly ((cache: Cache<string | number, unknown>) => unknown)[] = [
  (cache) => cache.get('key'),
  (cache) => cache.getEntry('key'),
  (cache) => cache.getMany(['key', 5]),
  (cache) => cache.pop('key'),
  (cache) => cache.incr('key'),
  (cache) => cache.touch('key', { ttl: 1_000 }),
  (cache) => cache.set('key', 'value'),
  (cache) => cache.add('key', 'value'),
  (cache) => cache.pull(),
  (cache) => cache.peek({ side: 'back' }),
  (cache) => cache.peekItem(),
  (cache) => [...cache.keys()],
  (cache) => [...cache.entries({ order: 'sorted' })],
  (cache) => cache.evict('tag'),
  (cache) => cache.expire(),
  (cache) => cache.cull(),
  (cache) => cache.size + cache.volume(),
  (cache) => cache.clear(),
]

/** Returns what mostly fits a column, and else anything. */
function cell(column: (typeof COLUMNS)[number], message: Buffer, random: Random): unknown {
  if (random.chance(0.25)) return anything(message, random)
  switch (column) {
    case 'key':
      return random.pick(['key', 5n, 499_999_999_999_999n, Buffer.from('92a17801', 'hex')])
    case 'raw':
      return random.pick([1n, 1n, 1n, 0n, 2n, 7n])
    case 'mode':
      return BigInt(random.below(8))
    case 'value':
      return mutate(message, [message], random)
    case 'filename':
      return random.pick([null, null, NAME, '../outside'])
    case 'size':
      return BigInt(random.below(100))
    case 'tag':
      return random.pick(['tag', null, 1n])
    case 'node_sum':
    case 'node_pin':
    case 'expire_time':
      return null
    default:
      return random.next() * 1e9
  }
}

function anything(message: Buffer, random: Random): unknown {
  return random.pick([
    null,
    0n,
    -1n,
    2n ** 63n - 1n,
    -(2n ** 63n),
    0.5,
    Number.POSITIVE_INFINITY,
    1e300,
    '',
    'key',
    'text\0',
    Buffer.alloc(0),
    message,
    Buffer.from(NAME),
  ])
}
