import { Readable } from 'node:stream'
import type { AsyncStore, PartialSettings, Store } from '@diskcache/cache'
import { after, drain, given, plain, type Trials } from './trial.ts'

/** What `Cache` and `FanoutCache` have in common. */
interface AnyStore extends Store {
  configure(settings: PartialSettings): void
}

interface AnyFace extends AsyncStore {
  configure(settings: PartialSettings): Promise<void>
  transact<T>(body: (store: Store) => T): Promise<T>
}

/** What the trials keep the size limit at, in bytes, unless they are about it. */
export const SIZE_LIMIT = 2 ** 30

export function keyOf(i: number): string {
  return `${i % 1_000 === 0 ? 'few' : 'key'} ${String(i).padStart(8, '0')}`
}

export function keysOf(size: number): string[] {
  return Array.from({ length: size }, (_, i) => keyOf(i))
}

/** Gives a store so many entries, of which one in a thousand has the prefix `few`, all with one tag. */
export function fillStore(store: AnyStore, size: number): void {
  store.configure({ sizeLimit: SIZE_LIMIT, tagIndex: false })
  for (let first = 0; first < size; first += 10_000) {
    const count = Math.min(10_000, size - first)
    store.setMany(
      Array.from({ length: count }, (_, i) => [keyOf(first + i), first + i] as const),
      { tag: 'all' },
    )
  }
}

/** Lets all entries expire at once. */
function expireAll(store: Store): void {
  const keys = [...store.keys()]
  store.transact(() => {
    for (const key of keys) store.touch(key, { ttl: 1 })
  })
  const end = Date.now() + 5
  while (Date.now() < end);
}

function halveLimit(store: AnyStore): void {
  store.configure({ sizeLimit: Math.floor(store.volume() / 2) })
}

const entriesOf = (size: number) =>
  Array.from({ length: size }, (_, i) => [keyOf(i), { number: i, text: 'text' }] as const)

/** Makes fewer entries, each of which has a value of some KiB of objects. */
const objectsOf = (size: number) => {
  const value = Array.from({ length: 100 }, (_, i) => ({ number: i, text: `text ${i}` }))
  return Array.from({ length: size / 10 }, (_, i) => [`objects ${i}`, value] as const)
}

/** Why `transact` may take long. */
export const CALLERS_BODY = 'runs the body of the caller in one piece'

/** Why `configure` may take long. */
const INDEX_AT_ONCE = 'SQLite makes an index in one piece'

/** The trials of what both have. */
export const STORE_TRIALS: Trials<AnyStore, AnyFace> = {
  namespace: plain((face) => face.namespace('users').set('key', 1)),
  count: plain((face) => face.count()),
  'count of a prefix': plain((face) => face.count({ prefix: 'key' })),
  get: plain((face) => face.get(keyOf(1))),
  getEntry: plain((face) => face.getEntry(keyOf(1))),
  getMany: given(keysOf, (face, items) => face.getMany(items)),
  getEntries: given(keysOf, (face, items) => face.getEntries(items)),
  has: plain((face) => face.has(keyOf(1))),
  hasMany: given(keysOf, (face, items) => face.hasMany(items)),
  set: plain((face) => face.set(keyOf(1), 'other')),
  setMany: given(entriesOf, (face, items) => face.setMany(items)),
  'setMany of objects': given(objectsOf, (face, items) => face.setMany(items)),
  add: plain((face) => face.add(keyOf(1), 'other')),
  update: plain((face) => face.update(keyOf(1), () => ({ set: 'other' }))),
  incr: plain((face) => face.incr('total')),
  decr: plain((face) => face.decr('total')),
  touch: plain((face) => face.touch(keyOf(2), { ttl: 1_000_000 })),
  delete: plain((face) => face.delete(keyOf(2))),
  deleteMany: given(keysOf, (face, items) => face.deleteMany(items)),
  pop: plain((face) => face.pop(keyOf(2))),
  popEntry: plain((face) => face.popEntry(keyOf(3))),
  read: plain((face) => face.read(keyOf(2))),
  readEntry: plain((face) => face.readEntry(keyOf(2))),
  write: plain((face) => face.write('stream', Readable.from([Buffer.alloc(1_000_000)]))),
  keys: plain((face) => drain(face.keys())),
  'keys backwards': plain((face) => drain(face.keys({ reverse: true }))),
  'keys sorted': plain((face) => drain(face.keys({ order: 'sorted' }))),
  'keys of a prefix': plain((face) => drain(face.keys({ prefix: 'few' }))),
  'keys of the larger prefix': plain((face) => drain(face.keys({ prefix: 'key' }))),
  values: plain((face) => drain(face.values())),
  'values sorted backwards': plain((face) => drain(face.values({ order: 'sorted', reverse: true }))),
  entries: plain((face) => drain(face.entries())),
  'entries sorted': plain((face) => drain(face.entries({ order: 'sorted' }))),
  'entries of a prefix': plain((face) => drain(face.entries({ prefix: 'few' }))),
  'Symbol.asyncIterator': plain((face) => drain(face)),
  evict: plain((face) => face.evict('all')),
  'evict of several tags': plain((face) => face.evict(['none', 'all'])),
  'evict of a prefix': plain((face) => face.evict('all', { prefix: 'key' })),
  'evict without a match': plain((face) => face.evict('none')),
  expire: after(expireAll, (face) => face.expire()),
  cull: plain((face) => face.cull()),
  'cull of half': after(halveLimit, (face) => face.cull()),
  clear: plain((face) => face.clear()),
  'clear of a prefix': plain((face) => face.clear({ prefix: 'key' })),
  check: plain((face) => face.check()),
  'check with fix': plain((face) => face.check({ fix: true })),
  configure: plain((face) => face.configure({ cullLimit: 5 })),
  'configure of an index': plain((face) => face.configure({ tagIndex: true }), INDEX_AT_ONCE),
  transact: plain((face) => face.transact((store) => store.incr('total')), CALLERS_BODY),
  stats: plain((face) => face.stats({ enable: true, reset: true })),
  volume: plain((face) => face.volume()),
  waitFor: plain(async (face) => {
    await face.waitFor?.([keyOf(1)], { signal: AbortSignal.timeout(50) }).catch(() => {})
  }),
  changeCount: plain(async (face) => face.changeCount?.()),
}

/** What ends a face, and what it has for others. */
export const UNTRIED = {
  close: 'ends the face',
  'Symbol.asyncDispose': 'ends the face',
  getOrSet: 'only throws',
  'diskcache.setWithMetadata': 'stores as set does, for an import',
} as const
