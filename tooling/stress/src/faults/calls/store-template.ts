import { mkdirSync, rmSync } from 'node:fs'
import { Cache } from '@diskcache/cache'
import { FanoutCache } from '@diskcache/fanout'
import { type Snapshot, takeSnapshot } from '../flips/snapshot.ts'
import { BEFORE, QUEUED, TAG } from './state.ts'

/** What operations are tried on; each has what it needs, whatever it is. */
export type AnyStore = Cache & FanoutCache

export interface StoreTemplate {
  readonly closed: Snapshot
  /** With a log, as a process leaves it that is killed. */
  readonly killed: Snapshot
}

const MIN_FILE_SIZE = 2_000
/** So that waiting for a lock that cannot be had is soon over; milliseconds. */
export const TIMEOUT = 300

export function openStore(
  ofShards: boolean,
  directory: string,
  options: { clock?: () => number } = {},
): AnyStore {
  const all = {
    minFileSize: MIN_FILE_SIZE,
    timeout: TIMEOUT,
    asyncTimeout: TIMEOUT,
    openTimeout: TIMEOUT,
    ...options,
  }
  const store = ofShards ? new FanoutCache(directory, { ...all, shards: 2 }) : new Cache(directory, all)
  return store as unknown as AnyStore
}

/** Makes a directory with what is there before every operation. */
export function makeStoreTemplate(ofShards: boolean, directory: string): StoreTemplate {
  mkdirSync(directory, { mode: 0o700 })
  const store = openStore(ofShards, directory)
  for (const [key, value] of Object.entries(BEFORE))
    store.set(key, value, key.startsWith('tagged') ? { tag: TAG } : {})
  store.set('expired', new Uint8Array(MIN_FILE_SIZE), { ttl: 1 })
  if (!ofShards) for (const value of Object.values(QUEUED)) store.push(value, { prefix: 'jobs' })
  const killed = takeSnapshot(directory)
  store.close()
  const closed = takeSnapshot(directory)
  rmSync(directory, { recursive: true })
  return { closed, killed }
}
