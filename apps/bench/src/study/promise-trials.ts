import { setTimeout as delay } from 'node:timers/promises'
import type { Stage } from '../measuring/stage.ts'
import type { LibraryGuarantees, LibraryPeer } from '../peers/libraries/library-peer.ts'
import { type PeerServer, startServer } from '../peers/peer-server.ts'
import type { Operation } from '../worker/store-calls.ts'
import type { LoadResult } from '../worker/store-service.ts'
import { WorkerProcess } from '../worker/worker-process.ts'

/** What a store promises that can be tried; its other promises are what its documentation and source say. */
export type TriedPromise = Exclude<keyof LibraryGuarantees, 'room'>

/** Rounds of milliseconds in which processes get in each other's way, until something is wrong. */
const ROUNDS = 6
const TURMOIL = 300

/** So large that a file of it is not written at once. */
const LARGE = { keys: 1, bytes: 4 * 2 ** 20 }

/** A limit, and entries that are more together than that; what a limiter stores of one is hardly more than its key. */
const LIMIT = 2 ** 20
const FLOOD = { count: 300, bytes: 8 * 2 ** 10 }
const FLOOD_OF_KEYS = { count: 3_000, bytes: 500 }

/** Milliseconds; the libraries that know seconds alone know whole ones. */
const TTL = 1_000

type Trial = (peer: LibraryPeer, stage: Stage) => Promise<boolean>

/** Whether a store keeps a promise, as far as can be seen. */
export const PROMISE_TRIALS: Readonly<Record<TriedPromise, Trial>> = {
  kept: (peer, stage) => survives(peer, stage, 'SIGTERM'),
  crashSafe: async (peer, stage) =>
    (await survives(peer, stage, 'SIGKILL')) && (await isWholeAfterKill(peer, stage)),
  processes: areShared,
  atomic: async (peer, stage) => {
    if (!(await areShared(peer, stage))) return false
    const trials = peer.library === 'rate-limiter-flexible' ? [noPointIsLost] : [noWriteIsLost, noValueIsTorn]
    for (const trial of trials) if (!(await trial(peer, stage))) return false
    return true
  },
  sizeLimit: staysWithin,
  expiry: expires,
}

/** What can be tried of a store: the limit of a server is an option of the server. */
export function triedOf({ server }: LibraryPeer): TriedPromise[] {
  const all = Object.keys(PROMISE_TRIALS) as TriedPromise[]
  return server === undefined ? all : all.filter((promise) => promise !== 'sizeLimit')
}

/** One store of a peer, and processes that use it. */
class Site {
  readonly #peer: LibraryPeer
  readonly #stage: Stage
  readonly #place: { directory: string; sizeLimit?: number }
  #server: PeerServer | undefined

  private constructor(peer: LibraryPeer, stage: Stage, place: { directory: string; sizeLimit?: number }) {
    this.#peer = peer
    this.#stage = stage
    this.#place = place
  }

  static async of(peer: LibraryPeer, stage: Stage, sizeLimit?: number): Promise<Site> {
    const directory = stage.directoryOf('site')
    const site = new Site(peer, stage, { directory, ...(sizeLimit !== undefined && { sizeLimit }) })
    await site.startServer()
    return site
  }

  async startServer(): Promise<void> {
    const { server } = this.#peer
    if (server !== undefined) this.#server = this.#stage.use(await startServer(server, this.#place.directory))
  }

  /** Ends the server, if there is one, and starts another. */
  async restartServer(signal: NodeJS.Signals): Promise<void> {
    this.#server?.send(signal)
    await this.#server?.[Symbol.asyncDispose]()
    await this.startServer()
  }

  /** Resolves when the store is open: two that open at once may be in each other's way. */
  async open(): Promise<WorkerProcess> {
    const place = { ...this.#place, ...(this.#server && { address: this.#server.address }) }
    const worker = this.#stage.use(WorkerProcess.of('store', { peer: this.#peer.name, place }))
    await worker.ask('operations')
    return worker
  }
}

/** Gives whether an entry is there when everything that was running has ended and was started again. */
async function survives(peer: LibraryPeer, stage: Stage, signal: 'SIGTERM' | 'SIGKILL'): Promise<boolean> {
  const site = await Site.of(peer, stage)
  const writer = await site.open()
  await write(writer, peer, 'key')
  await (signal === 'SIGKILL' ? writer.kill() : writer[Symbol.asyncDispose]())
  await site.restartServer(signal)
  return isThere(await site.open(), peer, 'key')
}

async function areShared(peer: LibraryPeer, stage: Stage): Promise<boolean> {
  const site = await Site.of(peer, stage)
  const [writer, reader] = [await site.open(), await site.open()]
  await write(writer, peer, 'key')
  return isThere(reader, peer, 'key')
}

/** Kills processes that overwrite a value all the time, and gives whether all of it was there after each. */
async function isWholeAfterKill(peer: LibraryPeer, stage: Stage): Promise<boolean> {
  if (peer.library === 'rate-limiter-flexible') return true
  const site = await Site.of(peer, stage)
  for (let round = 0; round < ROUNDS; round++) {
    const writer = await site.open()
    await writer.ask('fill', LARGE)
    const ended = load(writer, 'set', 60_000).catch(() => {})
    await delay(100 + 7 * round)
    await writer.kill()
    await ended
    const reader = await site.open()
    const value = await reader.ask<string | null>('call', 'get', KEY).catch(() => null)
    if (value?.length !== LARGE.bytes) return false
  }
  return true
}

/** Gives whether a reader never got half of a value that another process overwrote all the time. */
async function noValueIsTorn(peer: LibraryPeer, stage: Stage): Promise<boolean> {
  const site = await Site.of(peer, stage)
  const [writer, reader] = [await site.open(), await site.open()]
  await writer.ask('fill', LARGE)
  await reader.ask('join', LARGE, 1)
  for (let round = 0; round < ROUNDS; round++) {
    const [, { failures }] = await Promise.all([load(writer, 'set', TURMOIL), load(reader, 'get', TURMOIL)])
    if (Object.keys(failures).some((text) => !TOO_LATE.includes(text))) return false
  }
  return true
}

/** Gives whether each write was there to be read, while other processes wrote other entries, or touched the same one. */
async function noWriteIsLost(peer: LibraryPeer, stage: Stage): Promise<boolean> {
  const site = await Site.of(peer, stage)
  const [writer, ...others] = [await site.open(), await site.open(), await site.open()]
  for (const one of [writer!, ...others]) await one.ask('fill', { keys: 1, bytes: 10_000 })
  const canTouch = (await writer!.ask<Operation[]>('operations')).includes('touch')
  for (let round = 0; round < ROUNDS; round++) {
    let isOver = false
    const turmoil = Promise.all(others.map((one) => load(one, canTouch ? 'touch' : 'set', TURMOIL)))
    const watched = turmoil.finally(() => {
      isOver = true
    })
    for (let i = 0; !isOver; i++) {
      const value = `${round} ${i}`
      const key = canTouch ? KEY : 'own key'
      // What fails is told to who asked for it.
      const found = await writer!
        .ask('call', 'set', key, value)
        .then(() => (canTouch ? delay(2) : undefined))
        .then(() => writer!.ask('call', 'get', key))
        .catch(() => value)
      if (found !== value) return watched.then(() => false)
    }
    await watched
  }
  return true
}

/** Gives whether points that several processes took were all counted. */
async function noPointIsLost(peer: LibraryPeer, stage: Stage): Promise<boolean> {
  const site = await Site.of(peer, stage)
  const takers = [await site.open(), await site.open(), await site.open()]
  for (const taker of takers) await taker.ask('join', { keys: 1, bytes: 1 }, 0)
  const results = await Promise.all(takers.map((taker) => load(taker, 'consume', TURMOIL * 3)))
  const taken = results.reduce((sum, { calls }) => sum + calls, 0)
  return (await takers[0]!.ask('call', 'get', KEY)) === taken
}

/** Gives whether far less than what was written is there, where a limit can be set. */
async function staysWithin(peer: LibraryPeer, stage: Stage): Promise<boolean> {
  const worker = await (await Site.of(peer, stage, LIMIT)).open()
  const isLimiter = peer.library === 'rate-limiter-flexible'
  const { count, bytes } = isLimiter ? FLOOD_OF_KEYS : FLOOD
  const keys = Array.from({ length: count }, (_, i) => `${i}-`.padEnd(isLimiter ? bytes : 0, 'k'))
  for (const key of keys) await write(worker, peer, key, 'x'.repeat(bytes))
  let there = 0
  for (const key of keys) if ((await worker.ask('call', 'get', key)) !== null) there++
  return there * bytes <= LIMIT * 1.1
}

async function expires(peer: LibraryPeer, stage: Stage): Promise<boolean> {
  const worker = await (await Site.of(peer, stage)).open()
  await write(worker, peer, 'another key')
  try {
    await worker.ask('call', 'setExpiring', 'key', '5', TTL)
  } catch {
    return false
  }
  const isThereFirst = (await worker.ask('call', 'get', 'key')) !== null
  await delay(TTL * 1.5)
  return isThereFirst && (await worker.ask('call', 'get', 'key').catch(() => null)) === null
}

/** What a reader is told that would have had to wait too long; caches of responses say that there is none. */
const TOO_LATE = ['ERR_DISKCACHE_TIMEOUT', 'ERR_DISKCACHE_UNAVAILABLE', 'gave undefined']

/** The first key of the workload. */
const KEY = 'key:0'

async function write(worker: WorkerProcess, { library }: LibraryPeer, key: string, value = 'value') {
  if (library === 'rate-limiter-flexible') await worker.ask('call', 'consume', key)
  else await worker.ask('call', 'set', key, value)
}

async function isThere(worker: WorkerProcess, { library }: LibraryPeer, key: string): Promise<boolean> {
  const found = await worker.ask('call', 'get', key).catch(() => null)
  return found === (library === 'rate-limiter-flexible' ? 1 : 'value')
}

function load(worker: WorkerProcess, operation: Operation, milliseconds: number): Promise<LoadResult> {
  return worker.ask<LoadResult>('load', operation, 0, milliseconds)
}
