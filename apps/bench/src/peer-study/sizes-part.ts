import { BARE_BETTER_SQLITE3 } from '../peers/bare-better-sqlite3.ts'
import { CACACHE } from '../peers/cacache.ts'
import { CACHEABLE_MEMORY } from '../peers/cacheable-memory.ts'
import { FLAT_CACHE } from '../peers/flat-cache.ts'
import { KEYV_SQLITE_6 } from '../peers/keyv-sqlite-6.ts'
import { LMDB } from '../peers/lmdb.ts'
import { NODE_REDIS } from '../peers/node-redis.ts'
import { OWN_CACHE } from '../peers/own-cache.ts'
import type { Peer } from '../peers/peer.ts'
import type { Operation } from '../peers/peer-operation.ts'
import { type Extent, SMALL } from '../peers/peer-workload.ts'
import { PYTHON_DISKCACHE } from '../peers/python-diskcache.ts'
import type { Part, PartContext } from '../report/part.ts'
import type { Chart, Section } from '../report/section.ts'
import { Crew } from './crew.ts'
import { timesTable } from './figure-tables.ts'
import { type Figure, measureOperation, type PeerEffort } from './measure-operation.ts'

interface Size extends Extent {
  readonly text: string
}

/** Fewer keys of larger values, so that all stores together fit in memory. */
const SIZES: readonly Size[] = [
  { text: '100 B', ...SMALL },
  { text: '4 KiB', keys: 1_000, bytes: 4 * 2 ** 10 },
  { text: '100 KiB', keys: 100, bytes: 100 * 2 ** 10 },
  { text: '10 MiB', keys: 2, bytes: 10 * 2 ** 20 },
]
const QUICK_SIZES: readonly Size[] = [
  { text: '100 B', keys: 20, bytes: 100 },
  { text: '100 KiB', keys: 4, bytes: 100 * 2 ** 10 },
]

const FULL: PeerEffort = { milliseconds: 10_000, fewestRounds: 3, slice: 20, attempts: 4 }
const QUICK: PeerEffort = { milliseconds: 0, fewestRounds: 1, slice: 1, attempts: 2 }

const OPERATIONS = ['get', 'set'] as const satisfies readonly Operation[]

/** More lines than these cannot be told apart; the tables have all peers. */
const IN_CHARTS = [
  OWN_CACHE,
  BARE_BETTER_SQLITE3,
  PYTHON_DISKCACHE,
  NODE_REDIS,
  KEYV_SQLITE_6,
  CACACHE,
  LMDB,
].map(({ name }) => name)

/** They keep the very string that they are given, whose size makes no difference then. */
const BY_REFERENCE: readonly Peer[] = [FLAT_CACHE, CACHEABLE_MEMORY]

/** By the size of the values. */
type Found = Record<(typeof OPERATIONS)[number], Map<string, readonly Figure[]>>

/** Values from 100 bytes to 10 MiB, one process each. */
export function sizesPart(peers: readonly Peer[]): Part {
  return {
    name: 'sizes',
    minutes: 2,
    async run(context) {
      const copying = peers.filter((peer) => !BY_REFERENCE.includes(peer))
      await using crew = await Crew.start(copying, 1, context)
      return sectionOf(crew, await measureAll(crew, context), context)
    },
  }
}

async function measureAll(crew: Crew, context: PartContext): Promise<Found> {
  const sizes = context.quick ? QUICK_SIZES : SIZES
  const found: Found = { get: new Map(), set: new Map() }
  let done = 0
  for (const size of sizes) {
    const members = await crew.fill(size)
    for (const operation of OPERATIONS) {
      context.progress(done++, sizes.length * OPERATIONS.length, `${operation}, ${size.text}`)
      const figures = await measureOperation(crew, members, operation, context.quick ? QUICK : FULL)
      found[operation].set(size.text, figures)
    }
  }
  context.progress(done, done, 'done')
  return found
}

function sectionOf(crew: Crew, { get, set }: Found, { quick }: PartContext): Section {
  const peers = crew.members.map(({ peer }) => peer)
  return {
    title: 'Values of different sizes',
    introduction:
      'Strings of ASCII characters for every peer, since most of them take no bytes as they are: 1,000 keys with 100 bytes and with 4 KiB, 100 with 100 KiB, 2 with 10 MiB, and another value at each write. Ours, and python-diskcache, keep values from 32 KiB on in files of their own. **×** is relative to the `Cache` of the same round. What keeps entries in the memory of its process keeps the very string that it is given, so caches in memory only are left out, and cacheable answers a `get` without its disk. Everything is in the memory of the operating system: this is not the speed of a disk.',
    tables: [timesTable('get', peers, get), timesTable('set', peers, set)],
    charts: [lineChart('sizes-get', 'get', get), lineChart('sizes-set', 'set', set)],
    data: { quick, get: Object.fromEntries(get), set: Object.fromEntries(set) },
  }
}

function lineChart(name: string, title: string, found: ReadonlyMap<string, readonly Figure[]>): Chart {
  return {
    name,
    title,
    axis: 'µs',
    scale: 'logarithmic',
    kind: 'lines',
    points: [...found].flatMap(([size, figures]) =>
      figures
        .filter(({ peer }) => IN_CHARTS.includes(peer))
        .map(({ peer, microseconds }) => ({ group: size, series: peer, value: microseconds })),
    ),
  }
}
