/**
 * Each operation of RedisStore next to what one would write with node-redis alone, in one run, on a server of its own.
 * Run: node packages/redis/tests/benchmark.ts
 */
import { RedisStore } from '../src/index.ts'
import { connectClient, RedisServer } from './servers/redis-server.ts'

const SERIES = 15
const BULK = 100
const KEYS = 1_000
const VALUE = 'x'.repeat(200)

/** Runs the operation once; `i` counts. */
type Operation = (i: number) => Promise<unknown>

interface Comparison {
  readonly name: string
  readonly times: number
  readonly plain: Operation
  readonly ours: Operation
}

const server = await RedisServer.start()
const client = await connectClient(server.url)
const store = new RedisStore({ client })
const key = (i: number) => `key ${i % KEYS}`
const many = Array.from({ length: BULK }, (_, i) => key(i))
const entries = many.map((key) => [key, VALUE] as const)

const COMPARISONS: readonly Comparison[] = [
  {
    name: 'set',
    times: 2_000,
    plain: (i) => client.set(key(i), VALUE),
    ours: (i) => store.set(key(i), VALUE),
  },
  {
    name: 'set, ttl',
    times: 2_000,
    plain: (i) => client.set(key(i), VALUE, { expiration: { type: 'PX', value: 60_000 } }),
    ours: (i) => store.set(key(i), VALUE, { ttl: 60_000 }),
  },
  { name: 'get', times: 2_000, plain: (i) => client.get(key(i)), ours: (i) => store.get(key(i)) },
  { name: 'has', times: 2_000, plain: (i) => client.exists(key(i)), ours: (i) => store.has(key(i)) },
  {
    name: 'incr',
    times: 2_000,
    plain: (i) => client.incr(`n ${i % 10}`),
    ours: (i) => store.incr(`n ${i % 10}`),
  },
  { name: 'delete', times: 2_000, plain: (i) => client.del(`x ${i}`), ours: (i) => store.delete(`x ${i}`) },
  {
    name: `setMany, ${BULK}`,
    times: 100,
    plain: () => Promise.all(many.map((key) => client.set(key, VALUE))),
    ours: () => store.setMany(entries),
  },
  {
    name: `getMany, ${BULK}`,
    times: 100,
    plain: () => Promise.all(many.map((key) => client.get(key))),
    ours: () => store.getMany(many),
  },
  {
    name: `deleteMany, ${BULK}`,
    times: 100,
    plain: () => Promise.all(many.map((key) => client.del(key))),
    ours: () => store.deleteMany(many),
  },
  {
    name: `setMany, ${BULK}, multi`,
    times: 100,
    plain: () => {
      const multi = client.multi()
      for (const key of many) multi.set(key, VALUE)
      return multi.execAsPipeline()
    },
    ours: () => store.setMany(entries),
  },
]

try {
  console.log('microseconds, median of series; ratio: median of the ratios of neighbouring series')
  for (const comparison of COMPARISONS) console.log(await compare(comparison))
} finally {
  await store.close()
  client.destroy()
  await server.stop()
}

async function compare({ name, times, plain, ours }: Comparison): Promise<string> {
  const pairs: [number, number][] = []
  await measure(times, plain)
  await measure(times, ours)
  for (let i = 0; i < SERIES; i++) pairs.push([await measure(times, plain), await measure(times, ours)])
  const [first, second, ratio] = [
    median(pairs.map(([plain]) => plain)),
    median(pairs.map(([, ours]) => ours)),
    median(pairs.map(([plain, ours]) => ours / plain)),
  ]
  return `${name.padEnd(22)} ${first.toFixed(1).padStart(8)} ${second.toFixed(1).padStart(8)}   x ${ratio.toFixed(2)}`
}

/** Microseconds for one. */
async function measure(times: number, operation: Operation): Promise<number> {
  const start = performance.now()
  for (let i = 0; i < times; i++) await operation(i)
  return ((performance.now() - start) * 1e3) / times
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] as number
}
