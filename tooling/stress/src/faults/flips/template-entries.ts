import { Random } from '../../../../../packages/cache/tests/processes/random.ts'

export type TemplateKey = string | number
export type TemplateValue = string | number | Uint8Array | Record<string, unknown>

/** How an entry comes into the directory. */
export type Way = 'set' | 'write' | 'push'

export interface TemplateEntry {
  readonly key: TemplateKey
  readonly way: Way
  readonly tag?: string
  /** The time to live of what is there no more because it has expired, in milliseconds. */
  readonly ttl?: number
  /** Whether Python wrote it, in a directory of ours. */
  readonly isForeign?: true
  /** The queue that `push` adds it to. */
  readonly prefix?: string
  /** What it was, the newest last; `undefined` when it was deleted at last. The first ones are in the database, the last ones in the log. */
  readonly versions: readonly (TemplateValue | undefined)[]
}

/** From this many bytes on, values stand in files. */
export const MIN_FILE_SIZE = 2_000

/** All values in files of bytes have this length, so that they can be exchanged. */
const FILE_LENGTH = 3_000

const FIRST_ITEM = 500_000_000_000_000

type Maker = (random: Random, key: string, version: number) => TemplateValue

const MAKERS: Readonly<Record<string, Maker>> = {
  text: (random, key, version) =>
    `${key}/${version} amount due: ${random.below(1e6)} ${letters(random, 700)}`,
  amount: (random) => 1_000 + random.below(1e9),
  ratio: (random) => random.next() * 1e3,
  rights: (random, key, version) => ({
    ...{ key, version, admin: false, amount: random.below(1e6), roles: ['user'] },
    note: letters(random, 200),
  }),
  bytes: (random, key, version) => bytes(random, `${key}/${version}`, 400 + random.below(800)),
  'file-bytes': (random, key, version) => bytes(random, `${key}/${version}`, FILE_LENGTH),
  'file-text': (random, key, version) => `${key}/${version} ${letters(random, FILE_LENGTH)}`,
  'file-object': (random, key, version) => ({
    key,
    version,
    admin: false,
    text: letters(random, FILE_LENGTH),
  }),
}

const COUNTS: Readonly<Record<string, number>> = {
  text: 30,
  amount: 8,
  ratio: 4,
  rights: 16,
  bytes: 10,
  'file-bytes': 6,
  'file-text': 4,
  'file-object': 4,
}

/** The entries of every template, always the same ones. */
export function templateEntries(options: { queues: boolean }): TemplateEntry[] {
  const entries = Object.keys(COUNTS).flatMap(entriesOfKind)
  const streams = range(4).map((i) => entry('write', `stream ${i}`, 'file-bytes', i % 2))
  const counters = range(4).map((i) => entry('set', `counter ${i}`, 'amount', i % 2))
  const expired = range(4).map((i) => ({ ...entry('set', `expired ${i}`, 'text', 3), ttl: 1 }))
  return [...entries, ...streams, ...counters, ...expired, ...(options.queues ? queues() : [])]
}

/** Whether `incr` is tried on it. */
export function isCounter({ key }: TemplateEntry): boolean {
  return typeof key === 'string' && key.startsWith('counter ')
}

/** A value that no template has. */
export function newValue(random: Random, key: TemplateKey): TemplateValue {
  const kind = random.pick(['text', 'rights', 'file-bytes', 'file-text'])
  return make(kind, String(key), 100 + random.below(1e6))
}

function entriesOfKind(kind: string): TemplateEntry[] {
  return range(COUNTS[kind] ?? 0).map((i) => entry('set', `${kind} ${i}`, kind, i % 4))
}

/** Every fourth one is only in the log, overwritten in it, deleted in it, or in the database alone. */
function entry(way: Way, key: string, kind: string, fate: number): TemplateEntry {
  const first = make(kind, key, 0)
  const versions = [[first], [first, make(kind, key, 1)], [undefined, first], [first, undefined]][fate] ?? [
    first,
  ]
  return { key, way, versions, ...(kind === 'text' && { tag: `tag of ${key}` }) }
}

function queues(): TemplateEntry[] {
  return ['', 'jobs'].flatMap((prefix) =>
    range(8).map((i) => {
      const key = prefix === '' ? FIRST_ITEM + i : `${prefix}-${FIRST_ITEM + i}`
      const value = make(i % 4 === 0 ? 'file-bytes' : 'rights', `item ${prefix}${i}`, 0)
      // What comes with the log stands behind what was there before.
      return { key, prefix, way: 'push', versions: i < 4 ? [value] : [undefined, value] } as const
    }),
  )
}

function make(kind: string, key: string, version: number): TemplateValue {
  const seeds = Buffer.from(`${kind} ${key}`)
  return (MAKERS[kind] as Maker)(new Random(version, ...seeds), key, version)
}

function bytes(random: Random, head: string, length: number): Uint8Array {
  const result = new Uint8Array(length)
  const words = new DataView(result.buffer)
  for (let i = 0; i + 4 <= length; i += 4) words.setInt32(i, random.below(2 ** 32) | 0)
  result.set(new TextEncoder().encode(head))
  return result
}

function letters(random: Random, length: number): string {
  return Buffer.from(bytes(random, '', length)).toString('base64')
}

function range(length: number): number[] {
  return Array.from({ length }, (_, i) => i)
}
