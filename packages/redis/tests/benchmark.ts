/**
 * Each operation of RedisStore next to what one would write with node-redis alone, over the same client to a server of
 * its own.
 * Run: node packages/redis/tests/benchmark.ts [--rounds 301] [--only name]
 */
import { randomUUID } from 'node:crypto'
import { parseArgs } from 'node:util'
import { Lock } from '@diskcache/recipes'
import { RedisStore } from '../src/index.ts'
import { connectClient, RedisServer } from './servers/redis-server.ts'

const BULK = 100

/** Rounds that do not count. */
const WARM_UP = 20
const KEYS = 1_000

/** Bytes of a value. */
const LENGTH = 200

/** Runs the operation once; `i` is another number every time. */
type Operation = (i: number) => Promise<unknown>

interface Comparison {
  readonly name: string
  /** In a round. */
  readonly times: number
  /** At most so many times as long as the plain operation. */
  readonly goal?: number
  /** Before each round, and not measured: the numbers that will be used. */
  readonly prepare?: (first: number, times: number) => Promise<unknown>
  readonly plain: Operation
  readonly ours: Operation
}

const { rounds, only = '' } = parseArgs({
  options: { rounds: { type: 'string', default: '301' }, only: { type: 'string' } },
}).values

const server = await RedisServer.start()
const client = await connectClient(server.url)
const store = new RedisStore({ client })
const plainKey = (i: number) => `plain ${i % KEYS}`
const key = (i: number) => `key ${i % KEYS}`
const many = range(0, BULK).map(key)
const plainMany = range(0, BULK).map(plainKey)
const value = (i: number) => String(i).padEnd(LENGTH, 'x')
const entries = (i: number) => many.map((key) => [key, value(i)] as const)
const small = (i: number) => ({ id: i, name: 'Ada' })

/** What is usually run to release a lock: https://redis.io/docs/latest/commands/set/#patterns */
const RELEASE =
  "if redis.call('get', KEYS[1]) == ARGV[1] then return redis.call('del', KEYS[1]) else return 0 end"
const lock = new Lock(store, 'lock')

const atOnce = (operation: Operation) => Promise.all(range(0, 50).map(operation))

/** Both kinds of entry exist. */
async function prepare(first: number, times: number): Promise<void> {
  const numbers = range(first, Math.min(times, KEYS))
  await Promise.all(numbers.map((i) => client.set(plainKey(i), value(i))))
  await store.setMany(numbers.map((i) => [key(i), value(i)]))
}

function pipeline(add: (multi: ReturnType<typeof client.multi>, i: number) => unknown) {
  const multi = client.multi()
  for (let i = 0; i < BULK; i++) add(multi, i)
  return multi.execAsPipeline()
}

const one = { times: 20 }
const bulk = { times: 4, prepare: () => prepare(0, BULK) }

const COMPARISONS: readonly Comparison[] = [
  {
    ...one,
    name: 'get',
    goal: 1.1,
    prepare,
    plain: (i) => client.get(plainKey(i)),
    ours: (i) => store.get(key(i)),
  },
  {
    ...one,
    name: 'set',
    goal: 1.2,
    plain: (i) => client.set(plainKey(i), value(i)),
    ours: (i) => store.set(key(i), value(i)),
  },
  {
    ...one,
    name: 'set, ttl',
    goal: 1.3,
    plain: (i) => client.set(plainKey(i), value(i), { expiration: { type: 'PX', value: 60_000 } }),
    ours: (i) => store.set(key(i), value(i), { ttl: 60_000 }),
  },
  {
    ...one,
    name: 'get and set, an object',
    goal: 1.3,
    plain: async (i) => {
      await client.set(plainKey(i), JSON.stringify(small(i)))
      return JSON.parse(String(await client.get(plainKey(i))))
    },
    ours: async (i) => {
      await store.set(key(i), small(i))
      return store.get(key(i))
    },
  },
  { ...one, name: 'has', prepare, plain: (i) => client.exists(plainKey(i)), ours: (i) => store.has(key(i)) },
  {
    ...one,
    name: 'add, that is there',
    prepare,
    plain: (i) => client.set(plainKey(i), value(i), { condition: 'NX' }),
    ours: (i) => store.add(key(i), value(i)),
  },
  {
    ...one,
    name: 'incr',
    goal: 1.3,
    plain: (i) => client.incr(`plain n ${i % 10}`),
    ours: (i) => store.incr(`n ${i % 10}`),
  },
  {
    ...one,
    name: 'touch',
    prepare,
    plain: (i) => client.pExpire(plainKey(i), 60_000),
    ours: (i) => store.touch(key(i), { ttl: 60_000 }),
  },
  {
    ...one,
    name: 'delete',
    prepare,
    plain: (i) => client.del(plainKey(i)),
    ours: (i) => store.delete(key(i)),
  },
  { ...one, name: 'pop', prepare, plain: (i) => client.getDel(plainKey(i)), ours: (i) => store.pop(key(i)) },
  {
    ...one,
    name: 'update (get, then set)',
    prepare,
    plain: async (i) => client.set(plainKey(i), `${await client.get(plainKey(i))}`.slice(1)),
    ours: (i) => store.update(key(i), (entry) => ({ set: `${entry?.value}`.slice(1) })),
  },
  {
    ...one,
    times: 2,
    name: 'set, 50 keys at once',
    goal: 1.3,
    plain: (i) => atOnce((j) => client.set(plainKey(j), value(i))),
    ours: (i) => atOnce((j) => store.set(key(j), value(i))),
  },
  {
    ...one,
    times: 2,
    name: 'get, 50 keys at once',
    goal: 1.3,
    plain: () => atOnce((j) => client.get(plainKey(j))),
    ours: () => atOnce((j) => store.get(key(j))),
  },
  {
    ...one,
    times: 2,
    name: 'get, 50 of one key at once',
    goal: 1.3,
    plain: () => atOnce(() => client.get(plainKey(1))),
    ours: () => atOnce(() => store.get(key(1))),
  },
  {
    ...one,
    times: 2,
    name: 'incr, 50 of one key at once',
    goal: 1.3,
    plain: () => atOnce(() => client.incr('plain n')),
    ours: () => atOnce(() => store.incr('n')),
  },
  {
    ...one,
    times: 2,
    name: 'set, 50 of one key at once',
    goal: 1.3,
    plain: (i) => atOnce(() => client.set('plain hot', value(i))),
    ours: (i) => atOnce(() => store.set('hot', value(i))),
  },
  {
    ...one,
    name: 'update (WATCH, GET, MULTI)',
    goal: 1.3,
    prepare,
    plain: async (i) => {
      await client.watch(plainKey(i))
      const before = await client.get(plainKey(i))
      return client.multi().set(plainKey(i), `${before}`.slice(1)).exec()
    },
    ours: (i) => store.update(key(i), (entry) => ({ set: `${entry?.value}`.slice(1) })),
  },
  {
    ...one,
    name: 'lock and release (SET NX, script)',
    goal: 2,
    plain: async () => {
      const token = randomUUID()
      await client.set('plain lock', token, { condition: 'NX', expiration: { type: 'PX', value: 30_000 } })
      return client.eval(RELEASE, { keys: ['plain lock'], arguments: [token] })
    },
    ours: async () => (await lock.acquire()).release(),
  },
  {
    ...bulk,
    name: `getMany, MGET of ${BULK}`,
    goal: 1.3,
    plain: () => client.mGet(plainMany),
    ours: () => store.getMany(many),
  },
  {
    ...bulk,
    name: `setMany, MSET of ${BULK}`,
    goal: 1.3,
    plain: (i) => client.mSet(plainMany.map((key) => [key, value(i)] as [string, string])),
    ours: (i) => store.setMany(entries(i)),
  },
  {
    ...bulk,
    name: `getMany, ${BULK}`,
    goal: 1.2,
    plain: () => Promise.all(plainMany.map((key) => client.get(key))),
    ours: () => store.getMany(many),
  },
  {
    ...bulk,
    name: 'getMany, multi',
    goal: 1.2,
    plain: () => pipeline((multi, i) => multi.get(plainKey(i))),
    ours: () => store.getMany(many),
  },
  {
    ...bulk,
    name: `setMany, ${BULK}`,
    goal: 1.2,
    plain: (i) => Promise.all(plainMany.map((key) => client.set(key, value(i)))),
    ours: (i) => store.setMany(entries(i)),
  },
  {
    ...bulk,
    name: 'setMany, multi',
    goal: 1.2,
    plain: (i) => pipeline((multi, j) => multi.set(plainKey(j), value(i))),
    ours: (i) => store.setMany(entries(i)),
  },
  {
    ...bulk,
    name: `setMany, ${BULK}, ttl`,
    goal: 1.2,
    plain: (i) =>
      Promise.all(
        plainMany.map((key) => client.set(key, value(i), { expiration: { type: 'PX', value: 60_000 } })),
      ),
    ours: (i) => store.setMany(entries(i), { ttl: 60_000 }),
  },
  {
    ...bulk,
    name: 'setMany, ttl, multi',
    goal: 1.2,
    plain: (i) =>
      pipeline((multi, j) => multi.set(plainKey(j), value(i), { expiration: { type: 'PX', value: 60_000 } })),
    ours: (i) => store.setMany(entries(i), { ttl: 60_000 }),
  },
  {
    ...bulk,
    times: 1,
    name: `deleteMany, ${BULK}`,
    goal: 1.2,
    plain: () => Promise.all(plainMany.map((key) => client.del(key))),
    ours: () => store.deleteMany(many),
  },
  {
    ...bulk,
    times: 1,
    name: 'deleteMany, multi',
    goal: 1.2,
    plain: () => pipeline((multi, i) => multi.del(plainKey(i))),
    ours: () => store.deleteMany(many),
  },
]

try {
  console.log('| operation | plain, µs | ours, µs | ratio | goal |')
  console.log('| --- | ---: | ---: | ---: | ---: |')
  for (const comparison of COMPARISONS.filter(({ name }) => name.includes(only)))
    console.log(await compare(comparison))
} finally {
  await store.close()
  client.destroy()
  await server.stop()
}

/**
 * Short rounds take turns, and so does who begins one. A busy machine only ever adds to their times, so what counts of each
 * is a fast one: as long as a sixth of them have the machine to themselves, the ratio holds.
 */
async function compare({ name, times, goal, prepare, plain, ours }: Comparison): Promise<string> {
  const measured: [plain: number[], ours: number[]] = [[], []]
  let next = 0
  const measure = async (which: 0 | 1): Promise<void> => {
    const operation = which === 0 ? plain : ours
    const first = next
    next += times
    await prepare?.(first, times)
    const start = performance.now()
    for (let i = first; i < next; i++) await operation(i)
    measured[which].push(((performance.now() - start) * 1e3) / times)
  }
  for (let round = 0; round < Number(rounds) + WARM_UP; round++) {
    await measure(round % 2 === 0 ? 0 : 1)
    await measure(round % 2 === 0 ? 1 : 0)
  }
  const [before, after] = measured.map((times) => fast(times.slice(WARM_UP))) as [number, number]
  return `| ${name} | ${before.toFixed(1)} | ${after.toFixed(1)} | ${(after / before).toFixed(2)} | ${goal ?? ''} |`
}

function fast(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 6)] as number
}

function range(first: number, length: number): number[] {
  return Array.from({ length }, (_, i) => first + i)
}
