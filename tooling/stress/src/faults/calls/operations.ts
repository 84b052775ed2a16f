import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { Lock } from '@diskcache/recipes'
import { BEFORE, ITEM, LARGE, LARGER, NEWEST, QUEUED, type State, TAG } from './state.ts'
import type { AnyStore } from './store-template.ts'

/** An operation whose system calls fail. */
export interface Operation {
  readonly name: string
  readonly run: (store: AnyStore) => unknown
  /** What it changes when it succeeds. */
  readonly changes?: State
  /** What it gives when it succeeds; anything but `false` unless given. */
  readonly gives?: unknown
  /** It may have done a part when it fails. */
  readonly inParts?: true
  /** It runs a body of the caller's, which cannot be run again to tell damage from a disk that failed to read once. */
  readonly runsOnce?: true
  /** It takes its value out before it reads it, so that what cannot be read is gone. */
  readonly takesFirst?: true
  /** It is for shards, rather than for one cache. */
  readonly ofShards?: true
}

/** Opening, on a directory as it was closed, as a killed process left it, or none. */
export interface Opening {
  readonly name: string
  readonly on: 'closed' | 'killed' | 'nothing'
  readonly ofShards?: true
}

const PAIRS: [string, unknown][] = [
  ['small', 'many'],
  ['large', NEWEST],
  ['new', LARGER],
]
const MANY: State = Object.fromEntries(PAIRS)

const SYNCHRONOUS: readonly Operation[] = [
  { name: 'get', run: (store) => store.get('small'), gives: BEFORE.small },
  { name: 'get, file', run: (store) => store.get('large'), gives: LARGE },
  { name: 'getEntry', run: (store) => store.getEntry('large')?.value, gives: LARGE },
  { name: 'getMany', run: (store) => store.getMany(['small', 'large']), gives: [BEFORE.small, LARGE] },
  { name: 'has', run: (store) => store.has('small'), gives: true },
  { name: 'entries', run: (store) => new Map(store.entries()).get('large'), gives: LARGE },
  { name: 'set', run: (store) => store.set('small', 'after'), changes: { small: 'after' } },
  { name: 'set, file', run: (store) => store.set('new', NEWEST), changes: { new: NEWEST } },
  { name: 'set, file for file', run: (store) => store.set('large', NEWEST), changes: { large: NEWEST } },
  { name: 'set, row for file', run: (store) => store.set('large', 'x'), changes: { large: 'x' } },
  { name: 'add', run: (store) => store.add('new', 'x'), changes: { new: 'x' } },
  { name: 'setMany', run: (store) => store.setMany(PAIRS), changes: MANY },
  {
    name: 'update',
    run: (store) => store.update('large', () => ({ set: NEWEST })),
    changes: { large: NEWEST },
  },
  { name: 'incr', run: (store) => store.incr('counter'), gives: 6, changes: { counter: 6 } },
  { name: 'touch', run: (store) => store.touch('large', { ttl: 1e9 }) },
  { name: 'delete', run: (store) => store.delete('large'), changes: { large: undefined } },
  {
    name: 'deleteMany',
    run: (store) => store.deleteMany(['small', 'large']),
    changes: { small: undefined, large: undefined },
  },
  { name: 'pop', run: (store) => store.pop('large'), gives: LARGE, changes: { large: undefined } },
  {
    name: 'evict',
    run: (store) => store.evict(TAG),
    gives: 2,
    changes: { 'tagged small': undefined, 'tagged large': undefined },
    inParts: true,
  },
  { name: 'expire', run: (store) => store.expire() },
  { name: 'cull', run: (store) => store.cull() },
  {
    name: 'clear, prefix',
    run: (store) => store.clear({ prefix: 'file of' }),
    changes: { 'file of a prefix': undefined },
    inParts: true,
  },
  { name: 'check', run: (store) => store.check(), gives: [] },
  { name: 'check, fix', run: (store) => store.check({ fix: true }), gives: [] },
  { name: 'volume', run: (store) => store.volume() > 0 },
  {
    name: 'write',
    run: (store) => store.write('large', Readable.from([NEWEST])),
    changes: { large: NEWEST },
  },
  { name: 'read', run: async (store) => buffer(store.read('large') as Readable), gives: LARGE },
  { name: 'close', run: (store) => store.close() },
]

const OF_CACHES: readonly Operation[] = [
  {
    name: 'push',
    run: (store) => store.push(NEWEST, { prefix: 'jobs' }),
    changes: { [`jobs-${Number(ITEM) + 1}`]: NEWEST },
  },
  {
    name: 'pull',
    run: (store) => store.pull({ prefix: 'jobs' })?.value,
    gives: LARGE,
    changes: { [`jobs-${ITEM}`]: undefined },
  },
  { name: 'peek', run: (store) => store.peek({ prefix: 'jobs' })?.value, gives: LARGE },
  {
    name: 'rename',
    run: (store) => store.rename('large', 'renamed'),
    changes: { large: undefined, renamed: LARGE },
  },
  {
    name: 'transact',
    runsOnce: true,
    run: (store) =>
      store.transact(() => {
        store.set('small', 'in a transaction')
        store.set('large', NEWEST)
        store.delete('counter')
        return true
      }),
    changes: { small: 'in a transaction', large: NEWEST, counter: undefined },
  },
  { name: 'configure', run: (store) => store.configure({ cullLimit: 11 }) },
  {
    name: 'Lock.run',
    run: (store) => new Lock(store, 'lock', { lease: 10_000 }).run(() => true, { timeout: 300 }),
  },
]

const PROMISES: readonly Operation[] = [
  { name: 'promises.get', run: ({ promises }) => promises.get('large'), gives: LARGE },
  { name: 'promises.getMany', run: ({ promises }) => promises.getMany(['large']), gives: [LARGE] },
  {
    name: 'promises.set',
    run: ({ promises }) => promises.set('small', 'after'),
    changes: { small: 'after' },
  },
  {
    name: 'promises.set, file',
    run: ({ promises }) => promises.set('large', NEWEST),
    changes: { large: NEWEST },
  },
  {
    name: 'promises.set, three at once',
    run: ({ promises }) => Promise.all(PAIRS.map(([key, value]) => promises.set(key, value))),
    changes: MANY,
    inParts: true,
  },
  { name: 'promises.setMany', run: ({ promises }) => promises.setMany(PAIRS), changes: MANY },
  {
    name: 'promises.incr',
    run: ({ promises }) => promises.incr('counter'),
    gives: 6,
    changes: { counter: 6 },
  },
  { name: 'promises.delete', run: ({ promises }) => promises.delete('large'), changes: { large: undefined } },
  {
    name: 'promises.pop',
    takesFirst: true,
    run: ({ promises }) => promises.pop('large'),
    gives: LARGE,
    changes: { large: undefined },
  },
  {
    name: 'promises.write',
    run: ({ promises }) => promises.write('large', Readable.from([NEWEST])),
    changes: { large: NEWEST },
  },
  {
    name: 'promises.read',
    run: async ({ promises }) => buffer((await promises.read('large')) as Readable),
    gives: LARGE,
  },
  {
    name: 'promises.entries',
    run: async ({ promises }) => new Map(await Array.fromAsync(promises.entries())).get('large'),
    gives: LARGE,
  },
]

/** What several shards are asked at once is done shard by shard. */
const OF_SHARDS: readonly Operation[] = [...SYNCHRONOUS, ...PROMISES]
  .filter(({ name }) =>
    /^(promises\.)?(get|getMany|set|set, file|setMany|incr|delete|evict|check|write|close)$/.test(name),
  )
  .map((operation) => ({
    ...operation,
    name: `shards: ${operation.name}`,
    ofShards: true as const,
    ...(/setMany/.test(operation.name) && { inParts: true as const }),
  }))

export const OPENINGS: readonly Opening[] = [
  { name: 'open', on: 'closed' },
  { name: 'open, with a log', on: 'killed' },
  { name: 'open, new', on: 'nothing' },
  { name: 'shards: open', on: 'closed', ofShards: true },
]

export const OPERATIONS: readonly Operation[] = [...SYNCHRONOUS, ...OF_CACHES, ...PROMISES, ...OF_SHARDS]

/** What keys are worth before an operation. */
export function stateBefore({ on, ofShards }: Partial<Opening>): State {
  if (on === 'nothing') return {}
  return ofShards ? BEFORE : { ...BEFORE, ...QUEUED }
}
