/** Uses cache-manager on a Keyv in the directory of its argument; prints what it got. */
import { createCache } from 'cache-manager'
import { createKeyv } from '../../../src/keyv/index.ts'

const cache = createCache({ stores: [createKeyv(process.argv[2]!)], ttl: 60_000 })
const before = await cache.mget<string>(['a', 'b', 'deleted'])
let calls = 0
const compute = async () => ({ calls: ++calls })
const wrapped = [await cache.wrap('wrapped', compute), await cache.wrap('wrapped', compute, 60_000)]

await cache.set('a', 'A')
await cache.mset([
  { key: 'b', value: 'B' },
  { key: 'c', value: 'C', ttl: 30_000 },
  { key: 'deleted', value: 'D' },
  { key: 'too', value: 'E' },
])
await cache.mdel(['deleted', 'too'])
await cache.set('gone', 1)
const deleted = [await cache.del('gone'), (await cache.get('gone')) === undefined]
const times = await Promise.all(['a', 'c'].map(async (key) => ((await cache.ttl(key)) ?? 0) - Date.now()))
const got = [await cache.get('a'), ...(await cache.mget(['c', 'b', 'missing']))]
await cache.disconnect()
console.log(JSON.stringify({ before, calls, wrapped, deleted, times, got }))
