import type { Abortable, AsyncStore, ReadOptions } from '@diskcache/core'
import { countsOf } from './store-cases.ts'

/** One use of one member of `AsyncStore`, with what it must give. */
export interface AsyncStoreCase {
  /** What must be there already. */
  arrange?: (store: AsyncStore) => Promise<unknown>
  act: (store: AsyncStore, options: { signal?: AbortSignal }) => unknown
  expected: unknown
  /** Left out where the capabilities say that an engine lacks it. */
  needs?: (capabilities: AsyncStore['capabilities']) => boolean
  /** The member works after `close`, too. */
  worksClosed?: boolean
  /** The member takes no signal. */
  isUnabortable?: boolean
}

export type AsyncStoreMember =
  | Exclude<keyof AsyncStore, symbol>
  | 'Symbol.asyncIterator'
  | 'Symbol.asyncDispose'

const LARGE = Buffer.alloc(40_000, 'large')

async function arrangeABC(store: AsyncStore): Promise<void> {
  await Promise.all([
    store.set('a', 1, { tag: 'odd' }),
    store.set('b', { two: [2] }, { ttl: 60_000 }),
    store.set('c', LARGE, { tag: 'odd' }),
  ])
}

const abc = { arrange: arrangeABC }

async function* chunks(...parts: string[]): AsyncGenerator<Uint8Array> {
  for (const part of parts) yield Buffer.from(part)
}

async function readAll(store: AsyncStore, key: string, options: ReadOptions & Abortable = {}) {
  const stream = await store.read(key, options)
  return stream && Buffer.concat(await stream.toArray()).toString()
}

/** Results in order, of operations that are issued together. */
function all(...operations: Promise<unknown>[]): Promise<unknown[]> {
  return Promise.all(operations)
}

/** In an order of its own, since not every engine has one. */
function sorted(values: Iterable<unknown>): unknown[] {
  return [...values].sort()
}

export const ASYNC_STORE_CASES: Record<AsyncStoreMember, AsyncStoreCase> = {
  capabilities: {
    act: (store) => typeof store.capabilities.transact,
    expected: 'boolean',
    worksClosed: true,
    isUnabortable: true,
  },
  inTransaction: {
    act: (store) => store.inTransaction ?? false,
    expected: false,
    worksClosed: true,
    isUnabortable: true,
  },
  namespace: {
    ...abc,
    act: (store, o) => {
      const own = store.namespace('own')
      return all(own.set('a', 'one', o), own.get('a', o), store.get('a', o), own.count(o), own.clear(o))
    },
    expected: [true, 'one', 1, 1, 1],
  },
  count: {
    ...abc,
    act: (store, o) => all(store.count(o), store.count({ prefix: 'a', ...o })),
    expected: [3, 1],
  },
  get: {
    ...abc,
    act: (store, o) => all(store.get('a', o), store.get('b', o), store.get('c', o), store.get('x', o)),
    expected: [1, { two: [2] }, LARGE, undefined],
  },
  getEntry: {
    ...abc,
    act: (store, o) => store.getEntry('a', o),
    expected: { value: 1, expireTime: null, tags: ['odd'] },
  },
  getMany: {
    ...abc,
    act: (store, o) => store.getMany(['x', 'c', 'b', 'a'], o),
    expected: [undefined, LARGE, { two: [2] }, 1],
  },
  getEntries: {
    ...abc,
    act: (store, o) => store.getEntries(['a', 'x'], o),
    expected: [{ value: 1, expireTime: null, tags: ['odd'] }, undefined],
  },
  has: { ...abc, act: (store, o) => all(store.has('c', o), store.has('x', o)), expected: [true, false] },
  hasMany: { ...abc, act: (store, o) => store.hasMany(['x', 'c'], o), expected: [false, true] },
  set: {
    ...abc,
    act: (store, o) =>
      all(store.set('a', LARGE, o), store.get('a', o), store.set('a', null, o), store.get('a', o)),
    expected: [true, LARGE, true, null],
  },
  setMany: {
    ...abc,
    act: (store, o) =>
      all(
        store.setMany(
          [
            ['a', 'new'],
            ['d', LARGE, { tag: 4 }],
          ],
          { tag: 'all', ...o },
        ),
        store.getMany(['a', 'd'], o),
        store.getEntry('d', o).then((entry) => entry?.tags),
      ),
    expected: [[true, true], ['new', LARGE], [4]],
  },
  add: {
    ...abc,
    act: (store, o) =>
      all(store.add('a', 9, o), store.add('d', 4, o), store.add('d', 5, o), store.get('d', o)),
    expected: [false, true, false, 4],
  },
  update: {
    ...abc,
    act: (store, o) =>
      all(
        store.update('a', (entry) => ({ set: Number(entry?.value) + 1 }), o),
        store.update('b', () => ({ delete: true }), o),
        store.update('x', (entry) => ({ set: entry === undefined }), o),
        store.has('b', o),
      ),
    expected: [
      { value: 2, expireTime: null, tags: ['odd'] },
      undefined,
      { value: true, expireTime: null, tags: [] },
      false,
    ],
  },
  incr: {
    ...abc,
    act: (store, o) => all(store.incr('a', 5, o), store.incr('n', 1, o), store.get('a', o)),
    expected: [6, 1, 6],
  },
  decr: {
    ...abc,
    act: (store, o) => all(store.decr('a', 1, o), store.decr('n', 2, { initial: 10, ...o })),
    expected: [0, 8],
  },
  touch: {
    ...abc,
    act: (store, o) =>
      all(
        store.touch('b', { ttl: Infinity, ...o }),
        store.getEntry('b', o).then((entry) => entry?.expireTime),
        store.touch('x', { ttl: 1, ...o }),
      ),
    expected: [true, null, false],
  },
  delete: {
    ...abc,
    act: (store, o) => all(store.delete('c', o), store.delete('c', o), store.count(o)),
    expected: [true, false, 2],
  },
  deleteMany: {
    ...abc,
    act: (store, o) => all(store.deleteMany(['c', 'x', 'a'], o), store.count(o)),
    expected: [[true, false, true], 1],
  },
  pop: {
    ...abc,
    act: (store, o) => all(store.pop('c', o), store.pop('c', o), store.count(o)),
    expected: [LARGE, undefined, 2],
  },
  popEntry: {
    ...abc,
    act: (store, o) => all(store.popEntry('a', o), store.popEntry('a', o)),
    expected: [{ value: 1, expireTime: null, tags: ['odd'] }, undefined],
  },
  read: {
    ...abc,
    needs: ({ streams }) => streams,
    act: (store, o) => all(readAll(store, 'c', o), readAll(store, 'c', { start: 39_998, ...o })),
    expected: [LARGE.toString(), LARGE.subarray(39_998).toString()],
  },
  readEntry: {
    ...abc,
    needs: ({ streams }) => streams,
    act: async (store, o) => {
      const { stream, ...rest } = (await store.readEntry('c', { start: 39_998, ...o })) ?? {}
      const text = Buffer.concat((await stream?.toArray()) ?? []).toString()
      return [rest, text, await store.readEntry('missing', o)]
    },
    expected: [
      { size: 40_000, expireTime: null, tags: ['odd'] },
      LARGE.subarray(39_998).toString(),
      undefined,
    ],
  },
  write: {
    ...abc,
    needs: ({ streams }) => streams,
    act: async (store, o) => [await store.write('s', chunks('one ', 'two'), o), await readAll(store, 's', o)],
    expected: [true, 'one two'],
  },
  keys: {
    ...abc,
    act: async (store, o) => sorted(await Array.fromAsync(store.keys(o))),
    expected: ['a', 'b', 'c'],
  },
  values: {
    ...abc,
    act: (store, o) => Array.fromAsync(store.values({ prefix: 'c', ...o })),
    expected: [LARGE],
  },
  entries: {
    ...abc,
    act: (store, o) => Array.fromAsync(store.entries({ prefix: 'b', ...o })),
    expected: [['b', { two: [2] }]],
  },
  'Symbol.asyncIterator': {
    ...abc,
    act: async (store) => (await Array.fromAsync(store)).length,
    expected: 3,
    isUnabortable: true,
  },
  evict: {
    ...abc,
    act: async (store, o) => [await store.evict('odd', o), await Array.fromAsync(store.keys(o))],
    expected: [2, ['b']],
  },
  expire: {
    arrange: (store) => store.set('later', 1, { ttl: 1e6 }),
    act: (store, o) => all(store.expire(o), store.count(o)),
    expected: [0, 1],
  },
  cull: { ...abc, act: (store, o) => all(store.cull(o), store.count(o)), expected: [0, 3] },
  clear: {
    ...abc,
    act: (store, o) => all(store.clear({ prefix: 'a', ...o }), store.clear(o), store.count(o)),
    expected: [1, 2, 0],
  },
  check: { ...abc, act: (store, o) => store.check(o), expected: [] },
  stats: {
    ...abc,
    act: async (store, o) => {
      await store.stats({ enable: true, reset: true, ...o })
      await all(store.get('a', o), store.get('x', o), store.getMany(['b'], o))
      return countsOf(await store.stats(o))
    },
    expected: { hits: 2, misses: 1, dropped: 0 },
  },
  volume: { ...abc, act: async (store, o) => (await store.volume(o)) > LARGE.length, expected: true },
  waitFor: {
    needs: ({ watch }) => watch,
    act: async (store, o) => {
      const signal = o.signal ?? new AbortController().signal
      const [, stored] = await Promise.all([store.waitFor?.(['k'], { signal }), store.set('k', 1, o)])
      return stored
    },
    expected: true,
  },
  changeCount: {
    ...abc,
    act: async (store) => {
      const count = () => store.changeCount?.()
      const counts = [count(), count()]
      await store.set('a', 2)
      counts.push(count())
      await store.delete('b')
      counts.push(count())
      const [first, second, third, fourth] = counts
      return [first === second, hasGrown(second, third), hasGrown(third, fourth)]
    },
    expected: [true, true, true],
    isUnabortable: true,
  },
  close: { act: (store) => store.close(), expected: undefined, worksClosed: true, isUnabortable: true },
  'Symbol.asyncDispose': {
    act: (store) => store[Symbol.asyncDispose](),
    expected: undefined,
    worksClosed: true,
    isUnabortable: true,
  },
}

/** Returns whether a count is higher than the one before; where either could not be told, it may be. */
function hasGrown(before: number | undefined, after: number | undefined): boolean {
  return before === undefined || after === undefined || after > before
}
