import { Readable } from 'node:stream'
import { Cache, type Store } from '@diskcache/cache'
import { Deque, Index } from '@diskcache/collections'
import { FanoutCache } from '@diskcache/fanout'
import { scattered, Workload } from '../measuring/workload.ts'

export type FaceName = 'Cache' | 'FanoutCache' | 'Deque' | 'Index'

/** A promise face of a full store. */
export interface FaceUse {
  readonly promises: object
  /** Calls in an order in which none takes what another needs: names of operations, and what each of them is given. */
  readonly calls: readonly (readonly [names: string, ...args: unknown[]])[]
  /** Lets time go on, so that what may expire has expired. */
  expire?(): void
}

/** Each fills a new store in the directory. */
export const FACES: Record<FaceName, (directory: string, entries: number) => FaceUse> = {
  Cache: (directory, entries) => storeFace(Cache, directory, entries),
  FanoutCache: (directory, entries) => storeFace(FanoutCache, directory, entries),
  Deque: dequeFace,
  Index: indexFace,
}

const HOUR = 3_600_000

const BATCH = 10_000

/** As many keys as an operation on many of them is given. */
const MANY = 1_000

type StoreClass = new (
  directory: string,
  options: { sizeLimit: number; clock: () => number },
) => Store<string>

/** A quarter of the entries has a tag, and another one a time to live. */
function storeFace(StoreOf: StoreClass, directory: string, entries: number): FaceUse {
  let now = Date.now()
  const store = new StoreOf(directory, { sizeLimit: 2 ** 40, clock: () => now })
  const { values } = new Workload()
  const batches = inBatches(entries, (i) => {
    const key = scattered(i, entries)
    const options = key % 4 === 0 ? { tag: 'tag' } : key % 4 === 1 ? { ttl: HOUR } : {}
    return [`key:${key}`, values.next(), options] as const
  })
  for (const batch of batches) store.setMany(batch)
  const expire = () => {
    now += 2 * HOUR
  }
  return { promises: store.promises, calls: storeCalls(entries), expire }
}

function storeCalls(entries: number): FaceUse['calls'] {
  const keys = Array.from({ length: MANY }, (_, i) => `key:${scattered(i + 10, entries)}`)
  return [
    ['count keys values entries stats volume check'],
    ['get getEntry has read', 'key:2'],
    ['getMany getEntries hasMany', keys],
    ['keyAt entryAt', entries / 2],
    ['set add', 'key:2', 'x'],
    ['setMany', keys.map((key) => [key, 'another value'])],
    ['update', 'key:2', () => ({ set: 'y' })],
    ['incr decr', 'number'],
    ['touch', 'key:2', { ttl: HOUR }],
    ['write', 'file', Readable.from([Buffer.alloc(MANY * 1_000)])],
    ['rename', 'key:3', 'another'],
    ['push', 'x'],
    ['peek pull peekItem'],
    ['transact', () => {}],
    ['delete', 'key:2'],
    ['deleteMany', keys],
    ['pop', 'key:6'],
    ['popEntry', 'key:7'],
    ['evict', 'tag'],
    ['expire cull clear'],
  ]
}

function dequeFace(directory: string, entries: number): FaceUse {
  const deque = new Deque<string>(directory)
  const { values } = new Workload()
  for (const batch of inBatches(entries, () => values.next())) deque.extend(batch)
  const [middle, many] = [entries / 2, values.take(MANY)]
  const calls: FaceUse['calls'] = [
    ['length'],
    ['append appendLeft', 'x'],
    ['extend extendLeft', many],
    ['pop popLeft take takeLeft peek peekLeft'],
    ['at', middle],
    ['set', middle, 'in the middle'],
    ['count indexOf remove', 'in the middle'],
    ['insert', middle, 'x'],
    ['delete', middle],
    ['rotate', MANY],
    ['equals', deque],
    ['transact', () => {}],
    ['reversed reverse clear'],
  ]
  return { promises: deque.promises, calls }
}

function indexFace(directory: string, entries: number): FaceUse {
  const index = new Index<string, string>(directory)
  const { values } = new Workload()
  const batches = inBatches(entries, (i) => [`key:${scattered(i, entries)}`, values.next()] as const)
  for (const batch of batches) index.update(batch)
  const calls: FaceUse['calls'] = [
    ['size keys values entries'],
    ['get has', 'key:2'],
    ['set', 'key:2', 'x'],
    ['setDefault', 'new', () => 'x'],
    ['update', batches[0]?.slice(0, MANY)],
    ['equals', index],
    ['transact', () => {}],
    ['push', 'x'],
    ['pull peekItem popItem'],
    ['delete pop', 'key:2'],
    ['clear'],
  ]
  return { promises: index.promises, calls }
}

function inBatches<T>(count: number, itemOf: (i: number) => T): T[][] {
  return Array.from({ length: Math.ceil(count / BATCH) }, (_, batch) => {
    const first = batch * BATCH
    return Array.from({ length: Math.min(BATCH, count - first) }, (_, i) => itemOf(first + i))
  })
}
