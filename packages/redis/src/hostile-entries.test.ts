import { DiskCacheError, JSONDisk } from '@diskcache/core'
import { expect } from 'vitest'
import { describeRedis, IS_WHOLE } from '../tests/servers/describe-redis.ts'
import { redisTest } from '../tests/servers/redis-test.ts'
import type { RedisStore } from './index.ts'

type Client = Parameters<Parameters<ReturnType<typeof redisTest>>[2] & object>[0]['client']

/** Bytes of an entry; see `entry-bytes.ts`. */
function entry(
  mode: number,
  form: string,
  value: Buffer,
  tags = Buffer.alloc(0),
  tagsLength = tags.length,
): Buffer {
  const head = Buffer.from(`\x01versionversion${String.fromCharCode(mode)}${form}\0\0\0\0`, 'latin1')
  head.writeUInt32BE(tagsLength, 17)
  return Buffer.concat([head, tags, value])
}

function reference(count: number, size: number, form: string): Buffer {
  const bytes = Buffer.alloc(19)
  bytes.writeUInt32BE(count, 8)
  bytes.writeUIntBE(size, 12, 6)
  bytes.write(form, 18)
  return bytes
}

const NOTHING = Buffer.alloc(0)
const MODES = [0, 1, 4, 5, 255]
const FORMS = ['n', 's', 'b', 'i', 'f', 'x', '\0']
const LENGTHS = [0, 7, 8, 9]

/** Strings where entries are expected. */
const ALL_STRINGS: readonly Buffer[] = [
  NOTHING,
  ...[1, 15, 17, 18, 20].map((length) => entry(1, 'C', NOTHING).subarray(0, length)),
  Buffer.alloc(64),
  Buffer.from('C'.repeat(64)),
  ...MODES.flatMap((mode) =>
    FORMS.flatMap((form) => LENGTHS.map((length) => entry(mode, form, Buffer.alloc(length, 0xc7)))),
  ),
  entry(1, 's', NOTHING, NOTHING, 1),
  entry(1, 's', NOTHING, NOTHING, 0xffff_ffff),
  ...[
    '',
    's',
    's\0\0',
    's\0\0\0\x09x',
    's\xff\xff\xff\xffx',
    'n\0\0\0\0',
    'i\0\0\0\x01x',
    'x\0\0\0\x01x',
  ].map((tags) => entry(1, 's', Buffer.from('v'), Buffer.from(`s\0\0\0\x01t${tags}`, 'latin1'))),
  entry(1, 's', Buffer.from('v'), Buffer.from('s\xff\xff\xff\xff', 'latin1')),
  entry(1, 's', Buffer.from('v'), Buffer.from('s\0\0', 'latin1')),
  ...[
    'M',
    'M\0\0\0',
    'M\0\0\0\0',
    'M\0\0\0\x01',
    'M\0\0\0\x01x',
    'M\0\0\0\x02ix',
    'M\0\0\0\x02m\xc1',
    'M\0\0\0\x09sx',
    'M\xff\xff\xff\xffsx',
    'M\0\0\0\x02sxM\0\0\0\x02sx',
    'M\0\0\0\x02sxs\0\0',
    's\0\0\0\x01tM\0\0\0\x02sx',
  ].map((tags) => entry(6, 'b', Buffer.from('v'), Buffer.from(tags, 'latin1'))),
  ...[0, 7, 8, 18, 20].map((length) => entry(1, 'C', Buffer.alloc(length))),
  ...FORMS.flatMap((form) =>
    [0, 1, 3, 2 ** 32 - 1].flatMap((count) =>
      [0, 4, 2 ** 48 - 1].map((size) => entry(1, 'C', reference(count, size, form))),
    ),
  ),
]

const STRINGS = ALL_STRINGS.filter((_, i) => IS_WHOLE || i % 3 === 0)

const SOME_STRINGS = STRINGS.filter((_, i) => i % 5 === 0)

/** Keys of other types. */
const TYPES: readonly ((client: Client, name: string) => Promise<unknown>)[] = [
  (client, name) => client.sAdd(name, 'member'),
  (client, name) => client.rPush(name, 'item'),
  (client, name) => client.hSet(name, 'field', 'value'),
  (client, name) => client.zAdd(name, { score: 1, value: 'member' }),
  (client, name) => client.xAdd(name, '*', { field: 'value' }),
]

async function all(iterable: AsyncIterable<unknown>): Promise<number> {
  let count = 0
  for await (const _ of iterable) count++
  return count
}

const OPERATIONS: Record<string, (store: RedisStore) => Promise<unknown>> = {
  get: (store) => store.get('k'),
  getEntry: (store) => store.getEntry('k'),
  getMany: (store) => store.getMany(['k', 'other']),
  has: (store) => store.has('k'),
  count: (store) => store.count(),
  keys: (store) => all(store.keys()),
  values: (store) => all(store.values()),
  entries: (store) => all(store.entries()),
  'entries, tag': (store) => all(store.entries({ tag: 'u' })),
  read: async (store) => all((await store.read('k')) ?? (async function* () {})()),
  readEntry: async (store) => all((await store.readEntry('k'))?.stream ?? (async function* () {})()),
  incr: (store) => store.incr('k'),
  update: (store) => store.update('k', () => ({ set: 1 })),
  touch: (store) => store.touch('k', { ttl: 60_000 }),
  pop: (store) => store.pop('k'),
  set: (store) => store.set('k', 1),
  setMany: (store) => store.setMany([['k', 1]]),
  evict: (store) => store.evict(['u', 'v']),
  'evict, untagged': (store) => store.evict({ untagged: true }),
  delete: (store) => store.delete('k'),
  deleteMany: (store) => store.deleteMany(['k']),
  volume: (store) => store.volume(),
  stats: (store) => store.stats(),
}

/** The code of an error, or what it is instead; nothing where there is none. */
async function codeOf(operation: Promise<unknown>): Promise<string | undefined> {
  try {
    await operation
    return undefined
  } catch (error) {
    if (error instanceof DiskCacheError) return error.code
    // What `incr` and `read` say of a value that is sound, and no number or no bytes.
    return /^(?:Type|Range)Error: Cannot (?:change|read) 'k'/.test(String(error))
      ? undefined
      : `untyped: ${error}`
  }
}

describeRedis('What is no entry, under the name of one', () => {
  const test = redisTest()

  test.for(Object.entries(OPERATIONS))(
    '%s gives a code, or a miss',
    { timeout: 120_000 },
    async ([, operate], { client, store, open, prefix }) => {
      const name = `${prefix}{sk}`
      const chunks = `${name}:${'0'.repeat(16)}`
      // Only values are read otherwise by another disk.
      const stores = [[store, STRINGS] as const, [open({ disk: JSONDisk }), SOME_STRINGS] as const]
      for (const [one, strings] of stores) {
        for (const bytes of strings) {
          await Promise.all([
            client.del(chunks),
            client.hSet(chunks, { 0: 'abcd', 1: 'abcd', 7: 'more' }),
            client.set(name, bytes),
          ])
          const code = await codeOf(operate(one))
          expect(
            [undefined, 'ERR_DISKCACHE_FORMAT', 'ERR_DISKCACHE_CORRUPT'],
            bytes.toString('latin1'),
          ).toContain(code)
        }
        for (const make of TYPES) {
          await client.del(name)
          await make(client, name)
          expect([undefined, 'ERR_DISKCACHE_ENGINE']).toContain(await codeOf(operate(one)))
        }
      }
      await client.del(name)
    },
  )

  test('does not keep evict, clear and check from everything else', async ({ client, store, prefix }) => {
    for (const [i, make] of TYPES.entries()) await make(client, `${prefix}{stype ${i}}`)
    for (const [i, bytes] of STRINGS.entries()) await client.set(`${prefix}{sbytes ${i}}`, bytes)
    await client.set(`${prefix}{schunks}`, entry(1, 'C', reference(1, 1, 'b')))
    await client.sAdd(`${prefix}{schunks}:${'0'.repeat(16)}`, 'member')
    const names = Array.from({ length: 300 }, (_, i) => `entry ${i}`)
    await store.setMany(names.map((key, i) => [key, i, { tag: i % 2 ? 'odd' : undefined }]))
    const problems = await store.check()
    for (const i of TYPES.keys()) expect(JSON.stringify(problems)).toContain(`{stype ${i}}`)
    expect(await store.evict('odd')).toBe(150)
    expect(await store.getMany(names)).toEqual(names.map((_, i) => (i % 2 ? undefined : i)))
    expect(await store.clear()).toBe(150 + TYPES.length + STRINGS.length + 1)
    expect([await store.count(), await store.check({ fix: true })]).toEqual([0, []])
  })

  test('keys of other types have no tag, nor are they untagged', async ({ client, store, prefix }) => {
    for (const [i, make] of TYPES.entries()) await make(client, `${prefix}{stype ${i}}`)
    await store.set('tagged', 1, { tag: 'odd' })
    await store.set('plain', 2)
    expect(await Array.fromAsync(store.entries({ tag: 'odd' }))).toEqual([['tagged', 1]])
    expect(await Array.fromAsync(store.keys({ untagged: true }))).toEqual(['plain'])
  })

  test('entries with a tag are none where no entry has it', async ({ store }) => {
    await store.set('k', 1)
    expect([await all(store.entries({ tag: 't' })), await all(store.values({ tag: 't' }))]).toEqual([0, 0])
  })

  test('a name that is no key is told by keys()', async ({ client, store, prefix }) => {
    for (const text of ['', 'x', 'ix', 'i', 'dx', 'b0', 'bxx', 'i1'.padEnd(1_000_000, '1')]) {
      await client.set(`${prefix}{${text}}`, entry(1, 's', NOTHING))
      expect([text.slice(0, 9), await codeOf(all(store.keys()))]).toEqual([
        text.slice(0, 9),
        'ERR_DISKCACHE_FORMAT',
      ])
      await store.clear()
    }
  })
})
