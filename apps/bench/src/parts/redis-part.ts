import { type CallOptions, inProcess } from '../measuring/contender.ts'
import { Stage } from '../measuring/stage.ts'
import { medianRatio } from '../measuring/statistics.ts'
import { takeTurns } from '../measuring/take-turns.ts'
import type { Entry, Peer, PeerStore } from '../peers/peer.ts'
import { startServer } from '../peers/peer-server.ts'
import { BENTOCACHE } from '../peers/redis/bentocache.ts'
import { KEYV_REDIS } from '../peers/redis/keyv-redis.ts'
import { NODE_REDIS } from '../peers/redis/node-redis.ts'
import { OWN_REDIS } from '../peers/redis/own-redis.ts'
import { ABSENT, type Table } from '../report/table.ts'
import type { Part } from '../running/part.ts'

/** The first is what the others are compared with. */
const PEERS: readonly Peer[] = [NODE_REDIS, OWN_REDIS, KEYV_REDIS, BENTOCACHE]

const KEYS = Array.from({ length: 1_000 }, (_, i) => `key ${i}`)
const BULK = KEYS.slice(0, 100)
const AT_ONCE = KEYS.slice(0, 50)
const VALUE = 'x'.repeat(200)
const TTL = 60_000

/** What one call does, with the number of the call; `undefined` where the peer has nothing for it. */
type Operation = (store: PeerStore) => ((i: number) => unknown) | undefined

const keyOf = (i: number): string => KEYS[i % KEYS.length] as string

const OPERATIONS: Readonly<Record<string, Operation>> = {
  get: (store) => (i) => store.get(keyOf(i)),
  set: (store) => (i) => store.set(keyOf(i), VALUE),
  'set, ttl': ({ setExpiring }) => setExpiring && ((i) => setExpiring(keyOf(i), VALUE, TTL)),
  incr: ({ incr }) => incr && ((i) => incr(`n ${i % 10}`)),
  'get, 50 at once': (store) => () => Promise.all(AT_ONCE.map((key) => store.get(key))),
  'set, 50 at once': (store) => () => Promise.all(AT_ONCE.map((key) => store.set(key, VALUE))),
  'getMany, 100': ({ getMany }) => getMany && (() => getMany(BULK)),
  'setMany, 100': ({ setMany }) => setMany && (() => setMany(BULK.map((key): Entry => [key, VALUE]))),
}

/** Calls in a round, which is short, so that most have the machine to themselves. */
const CALLS = 20

/** What each way to use Redis takes, beside node-redis alone. */
export const REDIS_PART: Part = {
  name: 'redis',
  minutes: 1,
  async run({ quick, progress }) {
    await using stage = new Stage()
    const server = stage.use(await startServer('redis', stage.directory))
    const stores: PeerStore[] = []
    for (const peer of PEERS) stores.push(await openFilled(peer, server.address))
    const rows: string[][] = []
    for (const [done, [name, operation]] of Object.entries(OPERATIONS).entries()) {
      progress(done, Object.keys(OPERATIONS).length, name)
      rows.push([`\`${name}\``, ...(await ratios(stores.map(operation), quick))])
    }
    for (const store of stores) await store.close()
    return {
      title: 'On Redis',
      introduction: `How many times as long an operation takes as with node-redis alone, over one connection each to one server on the loopback, with values of ${VALUE.length} characters. _At once_ is \`Promise.all\`. Short rounds take turns; it is the median of the ratios of rounds that followed each other.`,
      tables: [tableOfRatios(rows)],
    }
  },
}

function tableOfRatios(rows: readonly (readonly string[])[]): Table {
  const head = ['operation', ...PEERS.slice(1).map(({ name, own }) => (own ? `**${name}**` : name))]
  return { title: 'Times as long as node-redis', head, rows, block: 'redis-peers' }
}

async function openFilled(peer: Peer, address: string): Promise<PeerStore> {
  const store = await peer.open({ directory: '', address })
  await Promise.all(KEYS.map((key) => store.set(key, VALUE)))
  return store
}

/** Of each but the first, beside the first. */
async function ratios(
  calls: readonly (((i: number) => unknown) | undefined)[],
  quick: boolean,
): Promise<string[]> {
  const present = calls.filter((call) => call !== undefined)
  const effort = quick ? { milliseconds: 100, fewestRounds: 3 } : { milliseconds: 5_000, fewestRounds: 50 }
  const [plain = [], ...others] = await takeTurns(present.map(numbered).map(inProcess), CALLS, effort)
  const found = others.map((times) => medianRatio(times, plain).toFixed(2))
  return calls.slice(1).map((call) => (call === undefined ? ABSENT : (found.shift() as string)))
}

function numbered(call: (i: number) => unknown): CallOptions {
  let next = 0
  return { call: () => call(next++) }
}
