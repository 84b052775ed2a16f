import { type Cache, DiskCacheError } from '@diskcache/cache'
import fc from 'fast-check'

export type Promises = Cache['promises']

/** From this many bytes, a value becomes a file. */
export const MIN_FILE_SIZE = 2_000

/** Something that a task does to keys that it alone uses. */
export interface Operation {
  /** It is issued when everything before it is done, and nothing is issued until it is done, too. */
  readonly isAlone: boolean
  issue(store: Promises, own: (key: string) => string, signal?: AbortSignal): Promise<unknown>
  /** What it does to the task's entries and gives, whatever other tasks do; throws when it rejects. */
  expect(entries: Map<string, unknown>): unknown
  toString(): string
}

type Parts = Pick<Operation, 'issue' | 'expect'> & { readonly isAlone?: boolean }

const KEYS = ['a', 'b', 'c']

const key = fc.constantFrom(...KEYS)

const large = fc.nat(99).map((n) => `large ${n} `.padEnd(MIN_FILE_SIZE, '#'))

const value = fc.oneof(
  fc.nat(9),
  fc.nat(99).map((n) => `small ${n}`),
  { weight: 2, arbitrary: large },
)

const ARBITRARIES: readonly fc.Arbitrary<Operation>[] = [
  fc.tuple(key, value).map(([key, value]) =>
    operation(`set ${key} ${short(value)}`, {
      issue: (store, own, signal) => store.set(own(key), value, { signal }),
      expect: (entries) => entries.set(key, value) === entries,
    }),
  ),
  fc.tuple(key, value).map(([key, value]) =>
    operation(`add ${key} ${short(value)}`, {
      issue: (store, own, signal) => store.add(own(key), value, { signal }),
      expect: (entries) => !entries.has(key) && entries.set(key, value) === entries,
    }),
  ),
  key.map((key) =>
    operation(`get ${key}`, {
      issue: (store, own, signal) => store.get(own(key), { signal }),
      expect: (entries) => entries.get(key),
    }),
  ),
  key.map((key) =>
    operation(`incr ${key}`, {
      issue: (store, own, signal) => store.incr(own(key), 1, { signal }),
      expect: (entries) => increment(entries, key),
    }),
  ),
  fc.tuple(key, fc.nat(9)).map(([key, n]) =>
    operation(`append ${n} to ${key}`, {
      issue: async (store, own, signal) => {
        const change = (entry?: { value: unknown }) => ({ set: `${entry?.value ?? ''},${n}` })
        return (await store.update(own(key), change, { signal }))?.value
      },
      expect: (entries) => entries.set(key, `${entries.get(key) ?? ''},${n}`).get(key),
    }),
  ),
  key.map((key) =>
    operation(`fail to update ${key}`, {
      issue: (store, own, signal) => store.update(own(key), fail, { signal }),
      expect: fail,
    }),
  ),
  key.map((key) =>
    operation(`fail to update ${key} so that the transaction ends`, {
      issue: (store, own, signal) => store.update(own(key), failAsFullDisk, { signal }),
      expect: failAsFullDisk,
    }),
  ),
  key.map((key) =>
    operation(`set ${key} to what cannot be stored`, {
      issue: (store, own, signal) => store.set(own(key), fail, { signal }),
      expect: () => {
        throw Object.assign(new Error(), { code: 'ERR_DISKCACHE_UNSUPPORTED_VALUE' })
      },
    }),
  ),
  key.map((key) =>
    operation(`delete ${key}`, {
      issue: (store, own, signal) => store.delete(own(key), { signal }),
      expect: (entries) => entries.delete(key),
    }),
  ),
  key.map((key) =>
    operation(`pop ${key}`, {
      issue: (store, own, signal) => store.pop(own(key), { signal }),
      expect: (entries) => {
        const value = entries.get(key)
        entries.delete(key)
        return value
      },
    }),
  ),
  fc.tuple(value, value, value).map((values) =>
    operation(`setMany ${values.map(short)}`, {
      issue: (store, own, signal) =>
        store.setMany(
          KEYS.map((key, i) => [own(key), values[i]]),
          { signal },
        ),
      expect: (entries) => KEYS.map((key, i) => entries.set(key, values[i]) === entries),
    }),
  ),
  fc.constant(
    operation('getMany', {
      issue: (store, own, signal) => store.getMany(KEYS.map(own), { signal }),
      expect: (entries) => KEYS.map((key) => entries.get(key)),
    }),
  ),
  fc.constant(
    operation('clear', {
      issue: (store, own, signal) => store.clear({ prefix: own(''), signal }),
      expect: (entries) => {
        const { size } = entries
        entries.clear()
        return size
      },
    }),
  ),
  fc.tuple(value, fc.boolean()).map(([value, fails]) =>
    operation(`${fails ? 'fail to ' : ''}transact ${short(value)}`, {
      issue: (store, own, signal) =>
        store.transact(
          (cache) => {
            cache.delete(own('b'))
            cache.set(own('a'), value)
            return fails ? fail() : cache.incr(own('b'))
          },
          { signal },
        ),
      expect: (entries) => (fails ? fail() : entries.set('a', value).set('b', 1).get('b')),
    }),
  ),
  fc.tuple(key, value).map(([key, value]) =>
    operation(`write ${key} ${short(value)}`, {
      isAlone: true,
      issue: (store, own, signal) => store.write(own(key), bytes(String(value)), { signal }),
      expect: (entries) => entries.set(key, Buffer.from(String(value))) === entries,
    }),
  ),
  fc.constant(
    operation('entries', {
      isAlone: true,
      issue: (store, own, signal) =>
        Array.fromAsync(store.entries({ prefix: own(''), order: 'sorted', signal }), ([, value]) => value),
      expect: (entries) => KEYS.filter((key) => entries.has(key)).map((key) => entries.get(key)),
    }),
  ),
]

export const anyOperation: fc.Arbitrary<Operation> = fc.oneof(...ARBITRARIES)

function operation(text: string, { isAlone = false, issue, expect }: Parts): Operation {
  return { isAlone, issue, expect, toString: () => text }
}

function increment(entries: Map<string, unknown>, key: string): number {
  const value = entries.get(key) ?? 0
  if (typeof value !== 'number') throw new TypeError()
  entries.set(key, value + 1)
  return value + 1
}

function fail(): never {
  throw new RangeError('meant to fail')
}

/** Nobody knows whose fault that is: every operation of the transaction has to be done again, by itself. */
function failAsFullDisk(): never {
  throw new DiskCacheError('ERR_DISKCACHE_FULL', 'meant to fail')
}

async function* bytes(text: string): AsyncGenerator<string> {
  const middle = text.length >> 1
  yield text.slice(0, middle)
  yield text.slice(middle)
}

function short(value: unknown): string {
  return String(value).slice(0, 9)
}
