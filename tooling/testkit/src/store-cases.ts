import type { ReadOptions, Stats } from '@diskcache/core'
import type { SyncStore } from './store-test.ts'

/** One use of one member of `Store`, with what it must give, in whatever state the store is. */
export interface StoreCase {
  /** What must be there already. */
  arrange?: (store: SyncStore) => void
  /** Its result crosses to other processes, so it must be a value that `structuredClone` keeps. */
  act: (store: SyncStore) => unknown
  expected: unknown
  /**
   * What it gives, where that differs, while another process holds the lock and this store drops rather than waits.
   * Where it waits, it throws `ERR_DISKCACHE_TIMEOUT`, and so it does in either case for `BUSY`.
   */
  busy?: unknown
  /** The member returns a promise, which has no place inside `transact`. */
  isAsync?: boolean
  /** The member works after `close` too. */
  worksClosed?: boolean
}

/** No answer could mean that the operation was dropped. */
export const BUSY = Symbol('throws ERR_DISKCACHE_TIMEOUT')

export type StoreMember = Exclude<keyof SyncStore, symbol> | 'Symbol.iterator' | 'Symbol.dispose'

const LARGE = Buffer.alloc(40_000, 'large')

function arrangeABC(store: SyncStore): void {
  store.set('a', 1, { tag: 'odd' })
  store.set('b', { two: [2] }, { ttl: 60_000 })
  store.set('c', LARGE, { tag: 'odd' })
}

const abc = { arrange: arrangeABC }

async function readAll(store: SyncStore, key: string, range?: ReadOptions): Promise<string | undefined> {
  const stream = store.read(key, range)
  if (stream === undefined) return undefined
  const chunks = await stream.toArray()
  return Buffer.concat(chunks).toString()
}

async function* chunks(...parts: string[]): AsyncGenerator<Uint8Array> {
  for (const part of parts) yield Buffer.from(part)
}

/** Every member has its case: the type sees to it. */
export const STORE_CASES: Record<StoreMember, StoreCase> = {
  directory: { act: (store) => typeof store.directory, expected: 'string', worksClosed: true },
  capabilities: {
    act: (store) => Object.keys(store.capabilities).length > 0,
    expected: true,
    worksClosed: true,
  },
  namespace: {
    ...abc,
    act: (store) => {
      const own = store.namespace('own')
      return [own.set('a', 'one'), own.get('a'), store.get('a'), own.size, own.clear(), store.size]
    },
    expected: [true, 'one', 1, 1, 1, 3],
    busy: [false, undefined, 1, 0, 0, 3],
  },
  count: { ...abc, act: (store) => [store.count(), store.count({ prefix: 'a' })], expected: [3, 1] },
  size: { ...abc, act: (store) => store.size, expected: 3 },
  get: {
    ...abc,
    act: (store) => ['a', 'b', 'x'].map((key) => store.get(key)),
    expected: [1, { two: [2] }, undefined],
  },
  getEntry: {
    ...abc,
    act: (store) => store.getEntry('a'),
    expected: { value: 1, expireTime: null, tags: ['odd'] },
  },
  getMany: { ...abc, act: (store) => store.getMany(['x', 'b', 'a']), expected: [undefined, { two: [2] }, 1] },
  getEntries: {
    ...abc,
    act: (store) => store.getEntries(['a', 'x']),
    expected: [{ value: 1, expireTime: null, tags: ['odd'] }, undefined],
  },
  has: { ...abc, act: (store) => [store.has('c'), store.has('x')], expected: [true, false] },
  hasMany: { ...abc, act: (store) => store.hasMany(['x', 'c']), expected: [false, true] },
  set: {
    ...abc,
    act: (store) => [store.set('a', null), store.get('a'), store.size],
    expected: [true, null, 3],
    busy: [false, 1, 3],
  },
  setMany: {
    ...abc,
    act: (store) => [
      store.setMany(
        [
          ['a', 'new'],
          ['d', LARGE, { tag: 4 }],
        ],
        { tag: 'all' },
      ),
      store.get('a'),
      store.getEntry('d')?.tags,
    ],
    expected: [[true, true], 'new', [4]],
    busy: [[false, false], 1, undefined],
  },
  add: {
    ...abc,
    act: (store) => [store.add('a', 9), store.add('d', 4), store.getMany(['a', 'd'])],
    expected: [false, true, [1, 4]],
    busy: [false, false, [1, undefined]],
  },
  update: {
    ...abc,
    act: (store) => [
      store.update('a', (entry) => ({ set: Number(entry?.value) + 1 })),
      store.update('b', () => ({ delete: true })),
      store.update('x', (entry) => ({ set: entry === undefined })),
      store.has('b'),
    ],
    expected: [
      { value: 2, expireTime: null, tags: ['odd'] },
      undefined,
      { value: true, expireTime: null, tags: [] },
      false,
    ],
    busy: BUSY,
  },
  incr: {
    ...abc,
    act: (store) => [store.incr('a', 5), store.incr('n'), store.get('a')],
    expected: [6, 1, 6],
    busy: BUSY,
  },
  decr: {
    ...abc,
    act: (store) => [store.decr('a'), store.decr('n', 2, { initial: 10 })],
    expected: [0, 8],
    busy: BUSY,
  },
  touch: {
    ...abc,
    act: (store) => [
      store.touch('b', { ttl: Infinity }),
      store.getEntry('b')?.expireTime === null,
      store.touch('x', { ttl: 1 }),
    ],
    expected: [true, true, false],
    busy: [false, false, false],
  },
  delete: {
    ...abc,
    act: (store) => [store.delete('c'), store.delete('c'), store.size],
    expected: [true, false, 2],
    busy: [false, false, 3],
  },
  deleteMany: {
    ...abc,
    act: (store) => [store.deleteMany(['c', 'x', 'a']), store.size],
    expected: [[true, false, true], 1],
    busy: [[false, false, false], 3],
  },
  pop: {
    ...abc,
    act: (store) => [store.pop('b'), store.pop('b'), store.size],
    expected: [{ two: [2] }, undefined, 2],
    busy: BUSY,
  },
  popEntry: {
    ...abc,
    act: (store) => [store.popEntry('a'), store.popEntry('a')],
    expected: [{ value: 1, expireTime: null, tags: ['odd'] }, undefined],
    busy: BUSY,
  },
  read: {
    ...abc,
    isAsync: true,
    act: async (store) => [await readAll(store, 'c'), await readAll(store, 'c', { start: 39_998 })],
    expected: [LARGE.toString(), LARGE.subarray(39_998).toString()],
  },
  readEntry: {
    ...abc,
    isAsync: true,
    act: async (store) => {
      const { stream, ...rest } = store.readEntry('c', { start: 39_998 }) ?? {}
      return [rest, Buffer.concat((await stream?.toArray()) ?? []).toString(), store.readEntry('missing')]
    },
    expected: [
      { size: 40_000, expireTime: null, tags: ['odd'] },
      LARGE.subarray(39_998).toString(),
      undefined,
    ],
  },
  write: {
    ...abc,
    isAsync: true,
    act: async (store) => [await store.write('s', chunks('one ', 'two')), await readAll(store, 's')],
    expected: [true, 'one two'],
  },
  keys: {
    ...abc,
    act: (store) => [...store.keys({ order: 'sorted', reverse: true })],
    expected: ['c', 'b', 'a'],
  },
  values: {
    ...abc,
    act: (store) => [...store.values({ order: 'sorted' })].slice(0, 2),
    expected: [1, { two: [2] }],
  },
  entries: { ...abc, act: (store) => [...store.entries({ prefix: 'b' })], expected: [['b', { two: [2] }]] },
  'Symbol.iterator': { ...abc, act: (store) => [...store].length, expected: 3 },
  transact: {
    ...abc,
    act: (store) => store.transact(() => store.incr('a') + store.incr('a')),
    expected: 5,
    busy: BUSY,
  },
  memoize: {
    act: (store) => {
      let calls = 0
      const square = store.memoize((n: number) => [++calls, n * n], { name: 'square' })
      return [square(3), square(3), square.forget(3), square(3)]
    },
    expected: [[1, 9], [1, 9], true, [2, 9]],
    busy: [[1, 9], [2, 9], false, [3, 9]],
  },
  evict: {
    ...abc,
    act: (store) => [store.evict('odd'), [...store.keys({ order: 'sorted' })]],
    expected: [2, ['b']],
    busy: [0, ['a', 'b', 'c']],
  },
  expire: {
    arrange: (store) => store.set('later', 1, { ttl: 1e6 }),
    act: (store) => [store.expire(), store.size],
    expected: [0, 1],
    busy: [0, 1],
  },
  cull: { ...abc, act: (store) => [store.cull(), store.size], expected: [0, 3], busy: [0, 3] },
  clear: {
    ...abc,
    act: (store) => [store.clear({ prefix: 'a' }), store.clear(), store.size],
    expected: [1, 2, 0],
    busy: [0, 0, 3],
  },
  check: { ...abc, act: (store) => store.check(), expected: [] },
  stats: {
    ...abc,
    act: (store) => {
      store.stats({ enable: true, reset: true })
      store.getMany(['a', 'x', 'b'])
      return countsOf(store.stats())
    },
    expected: { hits: 2, misses: 1, dropped: 0 },
    busy: BUSY,
  },
  volume: { ...abc, act: (store) => store.volume() > LARGE.length, expected: true },
  close: { act: (store) => store.close(), expected: undefined, worksClosed: true },
  'Symbol.dispose': { act: (store) => store[Symbol.dispose](), expected: undefined, worksClosed: true },
}

/** Returns what every store counts. */
export function countsOf({ hits, misses, dropped }: Stats): Stats {
  return { hits, misses, dropped }
}
