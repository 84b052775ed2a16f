import { channel } from 'node:diagnostics_channel'
import Database from 'better-sqlite3'
import { describe, expect } from 'vitest'
import { cacheTest, LARGE, valueFiles } from '../../tests/cache-test.ts'
import { Cache } from '../cache.ts'

/** So many that they are not removed one by one. */
const MANY = 10_050

const base = cacheTest()
const test = base.extend<{ other: Cache }>({
  other: async ({ directory, clock }, use) => {
    using other = new Cache(directory, { clock: clock.now })
    await use(other)
  },
})

function fill(store: Cache, count = MANY): void {
  store.setMany(Array.from({ length: count }, (_, i) => [`key ${i}`, i] as const))
}

/** Runs a body on the database behind the cache's back. */
function onDatabase<T>(store: Cache, body: (database: Database.Database) => T): T {
  const database = new Database(`${store.directory}/cache.db`)
  try {
    return body(database)
  } finally {
    database.close()
  }
}

describe('Cache.clear() of many entries', () => {
  test('removes all, files and pinned entries, too, and returns their number', ({ store }) => {
    fill(store)
    store.set('file', LARGE)
    store.set('pinned', 1, { pin: true })
    expect(store.clear()).toBe(MANY + 2)
    expect([store.size, [...store.keys()], valueFiles(store)]).toEqual([0, [], []])
    expect(store.clear()).toBe(0)
    expect(store.volume()).toBeLessThan(700_000)
  })

  test('keeps settings, statistics and indexes, and what others have stored beside them', ({ store }) => {
    store.configure({
      evictionPolicy: 'least-frequently-used',
      tagIndex: true,
      cullLimit: 3,
      statistics: true,
    })
    fill(store)
    store.get('key 1')
    store.get('none')
    onDatabase(store, (database) => database.exec("INSERT INTO Settings VALUES ('of somebody else', 'kept')"))
    const schemaOf = (database: Database.Database) =>
      database.prepare('SELECT type, name, sql FROM sqlite_schema ORDER BY name').all()
    const headerOf = (database: Database.Database) =>
      ['user_version', 'auto_vacuum', 'page_size', 'journal_mode'].map((name) => database.pragma(name))
    const before = onDatabase(store, (database) => [schemaOf(database), headerOf(database)])
    const { settings } = store
    expect(store.clear()).toBe(MANY)
    expect(onDatabase(store, (database) => [schemaOf(database), headerOf(database)])).toEqual(before)
    expect(store.settings).toEqual(settings)
    expect(store.stats()).toEqual({ hits: 1, misses: 1, dropped: 0 })
    using again = new Cache(store.directory)
    expect(again.settings).toEqual(settings)
    expect(
      onDatabase(store, (database) =>
        database.prepare("SELECT value FROM Settings WHERE key LIKE '%else'").get(),
      ),
    ).toEqual({ value: 'kept' })
  })

  test('lets another connection go on, and gives no row the number of one before', ({ store, other }) => {
    fill(store)
    const keys = other.keys()
    expect(keys.next().value).toBe('key 0')
    other.get('key 1')
    store.clear()
    other.set('new', 'value')
    expect(store.get('new')).toBe('value')
    expect(other.size).toBe(1)
    // An iteration does not show what was added after it began.
    expect([...keys]).not.toContain('new')
    const rowid = onDatabase(store, (database) => database.prepare('SELECT rowid FROM Cache').pluck().get())
    expect(rowid).toBe(MANY + 1)
  })
})

describe('Cache.clear() of many entries, where that cannot be done at once,', () => {
  test('inside transact is undone with it', ({ store }) => {
    fill(store)
    const undone = new Error('undone')
    const body = () => {
      expect(store.clear()).toBe(MANY)
      throw undone
    }
    expect(() => store.transact(body)).toThrow(undone)
    expect(store.size).toBe(MANY)
  })

  test('visits each row where there is a table of a later version', ({ store }) => {
    fill(store)
    onDatabase(store, (database) =>
      database.exec('CREATE TABLE node_later (a); INSERT INTO node_later VALUES (1)'),
    )
    expect(store.clear()).toBe(MANY)
    expect(onDatabase(store, (database) => database.prepare('SELECT a FROM node_later').pluck().get())).toBe(
      1,
    )
  })

  test('visits each row where better-sqlite3 copies no pages', ({ store }) => {
    fill(store)
    const { getOwnPropertySymbols } = Object
    Object.getOwnPropertySymbols = () => []
    try {
      expect(store.clear()).toBe(MANY)
    } finally {
      Object.getOwnPropertySymbols = getOwnPropertySymbols
    }
    expect(store.size).toBe(0)
  })

  test('waits for no other process beyond the timeout, and then removes nothing', ({ store }) => {
    fill(store)
    const locked = new Database(`${store.directory}/cache.db`)
    locked.exec('BEGIN IMMEDIATE')
    expect(() => store.withoutWaiting(() => store.clear())).toThrow(
      expect.objectContaining({ code: 'ERR_DISKCACHE_TIMEOUT' }),
    )
    locked.exec('ROLLBACK')
    locked.close()
    expect(store.size).toBe(MANY)
  })
})

describe('Beside Cache.clear() of many entries', () => {
  test('leaves a reader what it has read, in its moment', ({ store }) => {
    fill(store)
    onDatabase(store, (database) => {
      database.exec('BEGIN')
      const count = database.prepare('SELECT COUNT(*) FROM Cache').pluck()
      expect(count.get()).toBe(MANY)
      store.clear()
      expect(count.get()).toBe(MANY)
      database.exec('COMMIT')
      expect(count.get()).toBe(0)
    })
  })

  test('tells the channel how many went, and no keys', ({ store }) => {
    fill(store)
    const messages: unknown[] = []
    const listen = (message: unknown) => messages.push(message)
    channel('diskcache:evict').subscribe(listen)
    store.clear()
    channel('diskcache:evict').unsubscribe(listen)
    expect(messages).toStrictEqual([{ store: store.directory, reason: 'clear', count: MANY }])
  })
})

describe('Cache.promises.clear() of many entries', () => {
  test('keeps what others add while files are removed', async ({ store, other }) => {
    fill(store)
    store.setMany(Array.from({ length: 300 }, (_, i) => [`file ${i}`, LARGE] as const))
    const cleared = store.promises.clear()
    while (other.size === MANY + 300) await new Promise(setImmediate)
    other.set('new', 'value', { pin: true, tag: 'tag', ttl: 1_000_000 })
    other.set('new file', LARGE)
    const entry = other.getEntry('new')
    expect(await cleared).toBe(MANY + 300)
    expect([...store.keys()]).toEqual(['new', 'new file'])
    expect(store.getEntry('new')).toEqual(entry)
    expect(store.get('new file')).toBe(LARGE)
    expect(store.size).toBe(2)
  })

  test('removes nothing when it is aborted before it begins', async ({ store }) => {
    fill(store)
    const controller = new AbortController()
    const cleared = store.promises.clear({ signal: controller.signal })
    controller.abort(new Error('no'))
    await expect(cleared).rejects.toThrow('no')
    expect(store.size).toBe(MANY)
  })
})

describe('Cache.evict() without an index of tags', () => {
  test('finds entries far from each other', ({ store }) => {
    fill(store, 12_000)
    for (const key of ['key 0', 'key 6000', 'key 11999']) store.set(key, 1, { tag: 'tag' })
    expect(store.evict('other')).toBe(0)
    expect(store.evict('tag')).toBe(3)
    expect(store.size).toBe(11_997)
  })

  test('finds all of many that have the tag', ({ store }) => {
    store.setMany(
      Array.from({ length: 6_100 }, (_, i) => [i, i] as const),
      { tag: 'tag' },
    )
    store.set('last', 1)
    expect(store.evict('tag')).toBe(6_100)
    expect([...store.keys()]).toEqual(['last'])
  })
})
