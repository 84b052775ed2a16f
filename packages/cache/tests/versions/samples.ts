import { Readable } from 'node:stream'
import type { Cache, Key, PartialSettings, WriteOptions } from '@diskcache/cache'

/** When the directories of all versions were written, by their clocks, in epoch milliseconds. */
export const WRITTEN = Date.UTC(2026, 0, 1)

/** When entries expire that have not expired yet, in epoch milliseconds. */
export const FAR = Date.UTC(2999, 0, 1)

/** Settings with which they were made. Values become files early, so that the directories are small. */
export const SETTINGS = {
  evictionPolicy: 'least-frequently-used',
  tagIndex: true,
  sizeLimit: 123_456_789,
  cullLimit: 7,
  minFileSize: 200,
} satisfies PartialSettings

/** An entry of every directory since a version. What stands here is on users' disks: more may come, nothing may change. */
export interface Sample {
  readonly since: string
  readonly key: Key
  readonly value: unknown
  readonly options?: WriteOptions
}

export const BYTES = Buffer.from('streamed '.repeat(50))

const cyclic: { self?: unknown; list: unknown[] } = { list: [] }
cyclic.self = cyclic
cyclic.list.push(cyclic)

const sparse: unknown[] = [1]
sparse[3] = 'fourth'

/** Gives an error a stack that is the same wherever it is made. */
function fromNowhere(error: Error): Error {
  error.stack = `${error.name}: ${error.message}\n    at nowhere`
  return error
}

const VALUES: Readonly<Record<string, unknown>> = {
  undefined,
  null: null,
  true: true,
  false: false,
  zero: 0,
  'negative zero': -0,
  integer: Number.MAX_SAFE_INTEGER,
  float: 0.1,
  nan: Number.NaN,
  infinity: Number.NEGATIVE_INFINITY,
  bigint: 2n ** 62n,
  'huge bigint': -(10n ** 40n),
  'empty text': '',
  text: 'Grüße, 世界 🌍',
  'lone surrogate': 'a\ud800b',
  'long text': 'é'.repeat(300),
  bytes: Buffer.from([0, 1, 255]),
  'long bytes': Buffer.alloc(300, 7),
  date: new Date(0),
  'invalid date': new Date(Number.NaN),
  regexp: /a+\/b/giu,
  map: new Map<unknown, unknown>([
    ['a', 1],
    [{ key: 'object' }, new Map()],
  ]),
  set: new Set([1, 'two', null]),
  object: { nested: { list: [1, [2, [3]]] }, empty: {}, undefined },
  'long object': { text: 'x'.repeat(300), when: new Date(1) },
  cyclic,
  sparse,
  'typed arrays': { float: Float64Array.of(0.5, -0), int: Int16Array.of(-1), big: BigInt64Array.of(1n) },
  'array buffer': { buffer: Uint8Array.of(1, 2).buffer },
  error: fromNowhere(new RangeError('out of range', { cause: fromNowhere(new Error('because')) })),
}

const KEYS: readonly Key[] = [
  ...['', 'text', 'ключ', 'a\udc00b', 0, -1, 0.5, 2n ** 60n, 10n ** 30n, true, false, null],
  ...[Buffer.from([1, 2]), new Date(0), [1, ['two', null]], { b: 1, a: [true] }],
]

/** What was kept before the first release, in format 200. */
const FIRST = '0.0.0'

export const SAMPLES: readonly Sample[] = [
  ...Object.entries(VALUES).map(([name, value]) => ({ since: FIRST, key: `value: ${name}`, value })),
  ...KEYS.map((key, i) => ({ since: FIRST, key, value: `key ${i}` })),
  { since: FIRST, key: 'expires', value: 1, options: { ttl: FAR - WRITTEN } },
  { since: FIRST, key: 'expires, in a file', value: 'f'.repeat(300), options: { ttl: FAR - WRITTEN } },
  { since: FIRST, key: 'pinned', value: 1, options: { pin: true } },
  { since: FIRST, key: 'red', value: 1, options: { tag: 'red' } },
  { since: FIRST, key: 'red, in a file', value: 'r'.repeat(300), options: { tag: 'red' } },
  { since: FIRST, key: 'tag of a number', value: 1, options: { tag: 7 } },
  { since: '0.1.0', key: 'several tags', value: 1, options: { tag: ['blue', 8, 'green'] } },
]

/** Returns what a directory of this version has. */
export function samplesOf(version: string): Sample[] {
  return SAMPLES.filter(({ since }) => byVersion(since, version) <= 0)
}

/** Puts versions such as `1.10.0` in order. */
export function byVersion(a: string, b: string): number {
  return a.localeCompare(b, 'en', { numeric: true })
}

/** Fills a new cache, whose clock says {@link WRITTEN}, with the samples, and with what is not an entry of its own. */
export async function fill(cache: Cache, version: string): Promise<void> {
  for (const { key, value, options } of samplesOf(version)) cache.set(key, value, options)
  cache.set('expired', 'gone', { ttl: 1 })
  await cache.write('streamed', Readable.from([BYTES]))
  cache.incr('counter', 41)
  cache.push('first')
  cache.push('second, in a file'.repeat(30))
  cache.push({ job: 1 }, { prefix: 'jobs' })
  cache.push({ job: 0 }, { prefix: 'jobs', side: 'front' })
  cache.stats({ enable: true })
  cache.getMany(['counter', 'value: text', 'missing'])
}
