import { type Contender, inProcess } from '../../measuring/contender.ts'
import type { Stage } from '../../measuring/stage.ts'
import { median, medianRatio } from '../../measuring/statistics.ts'
import { takeTurns } from '../../measuring/take-turns.ts'
import { SMALL, Workload } from '../../measuring/workload.ts'
import { ALL_MEMORY_PEERS } from '../../peers/memory/all-memory-peers.ts'
import { MAP } from '../../peers/memory/maps.ts'
import type { MemoryPeer } from '../../peers/memory/memory-peer.ts'
import { OWN_CACHE } from '../../peers/own-stores.ts'
import type { PeerStore, Place } from '../../peers/peer.ts'
import { startServer } from '../../peers/peer-server.ts'
import { millisecondsText } from '../../report/figure-text.ts'
import { type Table, tableOf } from '../../report/table.ts'
import type { PartContext } from '../../running/part.ts'
import { reasonOf } from '../../study/crew.ts'
import { latenessOf } from './lateness.ts'

/** Milliseconds that a round of each is to last, which are many calls of the fast and few of the slow ones. */
const ROUND = { full: 10, quick: 1 }

/** Calls of the first trial of how many that is, and trials: code that has not been compiled yet is slow. */
const FIRST_TRIAL = 500
const TRIALS = 4

/** A store with all keys, which have been read once. */
interface Opened {
  readonly peer: MemoryPeer
  readonly store: PeerStore
  /** How late another one's write shows, in milliseconds; `undefined` where it never does. */
  readonly lateness: number | undefined
}

/** Times are in microseconds; ratios those to the `Map`, and to the `Cache` without memory. */
interface HotRead extends Omit<Opened, 'store'> {
  readonly time: number
  readonly toMap: number
  readonly toCache: number
}

/** Measures reads of few keys, again and again, from all that may be installed here. */
export async function hotReads(stage: Stage, context: PartContext): Promise<HotRead[]> {
  const opened = await openAll(stage, context)
  const { quick } = context
  const contenders: Contender[] = []
  for (const { store } of opened) contenders.push(await lasting(store, quick ? ROUND.quick : ROUND.full))
  const effort = { milliseconds: quick ? 0 : 8_000, fewestRounds: 3 }
  const times = await takeTurns(contenders, SMALL.keys, effort)
  const timesOf = (peer: MemoryPeer) => times[opened.findIndex((one) => one.peer === peer)] ?? []
  const [map, cache] = [timesOf(MAP), timesOf(OWN_CACHE)]
  return opened.map(({ peer, lateness }) => {
    const own = timesOf(peer)
    const time = (median(own) * 1e3) / SMALL.keys
    return { peer, lateness, time, toMap: medianRatio(own, map), toCache: medianRatio(own, cache) }
  })
}

async function openAll(stage: Stage, { quick, progress, skip }: PartContext): Promise<Opened[]> {
  const server = await startServer('redis', stage.directory).then((one) => stage.use(one), reasonOf)
  const opened: Opened[] = []
  for (const [done, peer] of ALL_MEMORY_PEERS.entries()) {
    progress(done, ALL_MEMORY_PEERS.length, peer.name)
    try {
      if (peer.server !== undefined && typeof server === 'string') throw new Error(server)
      const address = typeof server === 'string' ? {} : { address: server.address }
      opened.push(await openFilled(peer, { directory: stage.path('hot'), ...address }, stage, quick))
    } catch (error) {
      // Ours are not missing anywhere, except for what they need.
      if (peer.own && peer.server === undefined) throw error
      skip(peer.name, reasonOf(error))
    }
  }
  return opened
}

async function openFilled(peer: MemoryPeer, place: Place, stage: Stage, quick: boolean): Promise<Opened> {
  const store = await peer.open(place)
  stage.use({ [Symbol.asyncDispose]: async () => void (await store.close()) })
  const { keyNames, values } = new Workload()
  for (const key of keyNames) await store.set(key, values.next())
  for (const key of keyNames) await store.get(key)
  const other = await peer.open(place)
  const lateness = await latenessOf(store, other, quick).finally(() => other.close())
  return { peer, store, lateness }
}

/** Makes as many calls as last about so many milliseconds, and tells from these what the asked number takes. */
async function lasting(store: PeerStore, milliseconds: number): Promise<Contender> {
  const { keys } = new Workload()
  const contender = inProcess({ call: () => store.get(keys.next()) })
  let many = FIRST_TRIAL
  for (let trial = 0; trial < TRIALS; trial++)
    many = Math.ceil((milliseconds * many) / (await contender.time(many)))
  return { time: async (calls) => ((await contender.time(many)) * calls) / many }
}

export function hotReadsTable(reads: readonly HotRead[]): Table {
  return tableOf(
    'Hot reads',
    reads,
    {
      store: ({ peer: { name, own } }) => (own ? `**${name}**` : name),
      µs: ({ time }) => time,
      'times the `Map`': ({ toMap }) => toMap,
      'times the `Cache`': ({ toCache }) => toCache,
      'another’s write shows': ({ lateness }) =>
        lateness === undefined ? 'never' : lateness === 0 ? 'at once' : `after ${millisecondsText(lateness)}`,
    },
    { block: 'memory-reads' },
  )
}

export function settingsTable(reads: readonly HotRead[]): Table {
  const cells = { store: ({ peer }: HotRead) => peer.name, with: ({ peer }: HotRead) => peer.settings }
  return tableOf('Stores beside memory', reads, cells, { block: 'memory-stores' })
}
