import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { Cache, JSONDisk } from '@diskcache/cache'
import { afterAll, describe, expect } from 'vitest'
import { BOMBS } from './hostile/bombs.ts'
import { EVERYTHING, type Operation } from './hostile/exercise.ts'
import { Exerciser } from './hostile/exerciser.ts'
import { FILE_CASES, NAME, SECRET } from './hostile/file-cases.ts'
import { endOf, expectTyped, snapshot, hostileTest as test } from './hostile/hostile-test.ts'
import { craft, insertRow, makeCache, storeSetting } from './hostile/raw-database.ts'
import { sampled } from './hostile/sampled.ts'
import { SCHEMA_CASES } from './hostile/schema-cases.ts'
import { ILLEGAL_SETTINGS, ODD_SETTINGS } from './hostile/setting-cases.ts'
import { STATE_CASES } from './hostile/state-cases.ts'
import { VALUE_CASES } from './hostile/value-cases.ts'

const FORMAT = 'ERR_DISKCACHE_FORMAT'

/** For what works through hundreds of megabytes, in milliseconds. */
const LONG = 20_000

const exerciser = new Exerciser()

afterAll(() => exerciser[Symbol.dispose]())

describe('a row whose file is', () => {
  const operations: readonly Operation[] = [
    ['get', 'key'],
    ['getMany', ['key']],
    ['read', 'key'],
    ['entries'],
    ['pull'],
    ['peek'],
    ['peekItem'],
    ['pop', 'key'],
    ['delete', 'key'],
    ['incr', 'key'],
    ['set', 'key', 'value'],
    ['set', 'key', 'x'.repeat(50_000)],
    ['cull'],
    ['evict', 'tag'],
    ['check', { fix: true }],
    ['clear'],
  ]

  test.for(sampled(FILE_CASES))(
    '$what is a miss, and nothing outside is touched',
    async ({ make }, { root, outside }) => {
      for (const [i, operation] of operations.entries()) {
        const directory = join(root, `cache-${i}`)
        makeCache(directory)
        // By chance the ordinary file may stand there.
        rmSync(join(directory, 'ab'), { recursive: true, force: true })
        const filename = make(directory, outside)
        const row = { mode: 2n, filename, size: BigInt(SECRET.length), tag: 'tag' }
        insertRow(directory, row)
        // The front of the queue.
        insertRow(directory, { ...row, key: 499_999_999_999_999n })
        const before = snapshot(outside)

        const options = operation[0] === 'cull' ? { sizeLimit: 0 } : {}
        const outcomes = await exerciser.run(directory, { operations: [operation], options })
        expectTyped(outcomes)
        expect(JSON.stringify(outcomes)).not.toContain(SECRET)
        if (operation[0] === 'get') expect(endOf(outcomes, 'get')).toBe(undefined)
        expect(existsSync(join(directory, 'cache.db'))).toBe(true)
        expect(snapshot(outside)).toEqual(before)
      }
    },
  )

  test.for([
    { what: 'bytes of 1 TiB', mode: 2n, length: 2 ** 40 },
    { what: 'text of 600 MiB', mode: 3n, length: 600 * 2 ** 20 },
  ])('$what is a typed error or a miss', { timeout: LONG }, async ({ mode, length }, { directory }) => {
    makeCache(directory)
    mkdirSync(join(directory, dirname(NAME)), { recursive: true })
    writeFileSync(join(directory, NAME), '')
    // A sparse file, which takes no room on the disk.
    truncateSync(join(directory, NAME), length)
    insertRow(directory, { mode, filename: NAME, size: BigInt(length) })
    using patient = new Exerciser(LONG)
    // It may have to be read to be found too long.
    expectTyped(await patient.run(directory, { operations: [['get', 'key']] }), LONG)
  })

  test('in no directory but links: Cache.set() writes nothing outside', async ({ directory, outside }) => {
    makeCache(directory)
    for (let i = 0; i < 256; i++) {
      const name = i.toString(16).padStart(2, '0')
      if (!existsSync(join(directory, name))) symlinkSync(outside, join(directory, name))
    }
    const before = snapshot(outside)
    const large = 'x'.repeat(50_000)
    const operations = Array.from({ length: 20 }, (): Operation => ['set', 'key', large])
    expectTyped(await exerciser.run(directory, { operations: [...operations, ['check', { fix: true }]] }))
    expect(snapshot(outside)).toEqual(before)
  })
})

describe('a row with', () => {
  test.for(sampled(VALUE_CASES))(
    '$what gives a value, a miss or a typed error',
    async ({ row, get }, { directory }) => {
      makeCache(directory)
      insertRow(directory, row)
      const first = await exerciser.run(directory, { operations: [['get', 'key']] })
      expectTyped(first)
      if (get != null) expect(endOf(first, 'get') ?? 'a miss').toBe(get)
      expectTyped(await exerciser.run(directory))
    },
  )
})

test.for(['9223372036854775807', '9007199254740993'])(
  'a row with the number %s, which no cache gives, keeps no reads of others from being counted',
  (rowid, { directory }) => {
    {
      using cache = new Cache(directory, { evictionPolicy: 'least-frequently-used' })
      cache.setMany([
        ['large', 1],
        ['plain', 2],
      ])
    }
    craft(directory, (database) => database.exec(`UPDATE Cache SET rowid = ${rowid} WHERE key = 'large'`))
    {
      using cache = new Cache(directory)
      expect(cache.getMany(['large', 'plain', 'plain'])).toEqual([1, 2, 2])
    }
    const counts = rowsOf(directory, 'SELECT key, access_count FROM Cache ORDER BY key')
    expect(counts).toEqual([
      { key: 'large', access_count: 0 },
      { key: 'plain', access_count: 2 },
    ])
  },
)

describe('new Cache() with the setting', () => {
  test.for(sampled(ILLEGAL_SETTINGS))(
    "$key = $value refuses the directory with onCorrupt: 'throw'",
    async ({ key, value }, { directory }) => {
      makeCache(directory)
      storeSetting(directory, key, value)
      const outcomes = await exerciser.run(directory, { options: { onCorrupt: 'throw' } })
      expectTyped(outcomes)
      expect(endOf(outcomes, 'open')).toBe(FORMAT)
      expect(rowsOf(directory, 'SELECT key FROM Cache')).toHaveLength(5)
    },
  )

  test.for(sampled(ILLEGAL_SETTINGS).filter(({ key }) => key !== 'node_disk'))(
    '$key = $value puts the setting right, and keeps the entries',
    async ({ key, value }, { directory }) => {
      makeCache(directory)
      const [before] = rowsOf(directory, `SELECT value FROM Settings WHERE key = '${key}'`)
      storeSetting(directory, key, value)
      const outcomes = await exerciser.run(directory, { operations: [['get', 'text']] })
      expectTyped(outcomes)
      expect(endOf(outcomes, 'get')).toBe('value')
      expect(rowsOf(directory, `SELECT value FROM Settings WHERE key = '${key}'`)).toEqual([before])
    },
  )

  test.for(ODD_SETTINGS)('$key = $value works', async ({ key, value, evicts }, { directory }) => {
    makeCache(directory)
    storeSetting(directory, key, value)
    const outcomes = await exerciser.run(directory, { operations: [['cull'], ['get', 'text']] })
    expectTyped(outcomes)
    if (!evicts) expect(endOf(outcomes, 'get')).toBe('value')
    const stored = rowsOf(directory, 'SELECT key, value FROM Settings')
    const counters = ['size', 'count', 'hits', 'misses']
    if (!counters.includes(key))
      expect(stored).toContainEqual({ key, value: typeof value === 'bigint' ? Number(value) : value })
    expectTyped(await exerciser.run(directory, { options: { cullLimit: 5 } }))
  })
})

describe('new Cache() on a database with', () => {
  test.for(sampled(SCHEMA_CASES))('$what refuses it', async ({ sql }, { directory }) => {
    makeCache(directory)
    craft(directory, (database) => database.exec(sql))
    const outcomes = await exerciser.run(directory, {
      operations: [['get', 'key'], ['expire'], ...EVERYTHING],
    })
    expectTyped(outcomes)
    expect(endOf(outcomes, 'open')).toBe(FORMAT)
  })

  test.for(sampled(SCHEMA_CASES).filter(({ keepsVersion }) => !keepsVersion))(
    '$what refuses it, when it looks like one of Python',
    async ({ sql }, { directory }) => {
      makeCache(directory)
      craft(directory, (database) => {
        database.exec(sql)
        database.pragma('user_version = 0')
      })
      const outcomes = await exerciser.run(directory, {
        operations: [['get', 'key'], ['expire'], ...EVERYTHING],
      })
      expectTyped(outcomes)
      expect(endOf(outcomes, 'open')).toBe(FORMAT)
    },
  )
})

describe('new Cache() on a directory with', () => {
  test.for(sampled(STATE_CASES))(
    '$what gives a typed error or works',
    async ({ make, open }, { directory, outside }) => {
      make(directory, outside)
      const before = snapshot(outside)
      const outcomes = await exerciser.run(directory)
      expectTyped(outcomes)
      expect(endOf(outcomes, 'open')).toEqual(open)
      expect(snapshot(outside)).toEqual(before)
    },
  )

  test.skipIf(process.getuid?.() === 0)('no permission to write (skipped as root)', async ({ directory }) => {
    makeCache(directory)
    chmodSync(directory, 0o500)
    const outcomes = await exerciser.run(directory)
    chmodSync(directory, 0o700)
    expectTyped(outcomes)
  })

  test('a log that an earlier process left keeps what is in it', async ({ directory }) => {
    using cache = new Cache(directory)
    cache.set('key', 'value')
    const copy = `${directory}-copy`
    mkdirSync(copy)
    for (const name of ['cache.db', 'cache.db-wal']) copyFileSync(join(directory, name), join(copy, name))
    const outcomes = await exerciser.run(copy, { operations: [['get', 'key'], ['check']] })
    expectTyped(outcomes)
    expect([endOf(outcomes, 'get'), endOf(outcomes, 'check')]).toEqual(['value', '[]'])
  })
})

describe('JSONDisk', () => {
  test.for(BOMBS)(
    'inflates $what within bounds of memory',
    { timeout: LONG },
    async ({ bytes }, { directory }) => {
      using alone = new Exerciser(LONG)
      new Cache(directory, { disk: JSONDisk }).close()
      insertRow(directory, { value: bytes() })
      const outcomes = await alone.run(directory, { json: true, operations: [['get', 'key']] })
      expect(endOf(outcomes, 'get')).toBe(undefined)
      expect(alone.memory).toBeLessThan(600 * 2 ** 20)
    },
  )
})

function rowsOf(directory: string, sql: string): unknown[] {
  let rows: unknown[] = []
  craft(directory, (database) => {
    rows = database.prepare(sql).all()
  })
  return rows
}
