import { randomBytes } from 'node:crypto'
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { EncryptedDisk } from '@diskcache/core'
import { directoryTest as test } from '@diskcache/testkit'
import { describe, expect } from 'vitest'
import { Cache } from '../src/cache.ts'
import { copyDirectory } from '../src/copy-directory.ts'
import { valueFiles } from './cache-test.ts'
import { craft } from './hostile/raw-database.ts'
import { Child, meet } from './processes/child.ts'
import { isDamage } from './processes/soundness.ts'

const WRITER = new URL('./processes/kill/metadata-writer.ts', import.meta.url)

const METADATA = { type: 'text/html', tag: '"abc"' }
const BODY = Buffer.alloc(100_000, 'body')

function write(cache: Cache, key: string, metadata: unknown = METADATA, body = BODY): Promise<boolean> {
  return cache.write(key, Readable.from([body]), { metadata, tag: 'page' })
}

/** Changes the columns of rows as damage does: no trigger runs. */
function damage(directory: string, change: string, ...parameters: unknown[]): void {
  craft(directory, (database) => {
    const [{ sql }] = database
      .prepare("SELECT sql FROM sqlite_schema WHERE name = 'node_foreign_write'")
      .all() as [{ sql: string }]
    database.exec('DROP TRIGGER node_foreign_write')
    database.prepare(`UPDATE Cache SET ${change}`).run(...parameters)
    database.exec(sql)
  })
}

function columnOf(directory: string): Buffer {
  let column: Buffer = Buffer.alloc(0)
  craft(directory, (database) => {
    const [row] = database.prepare('SELECT value FROM Cache').all() as { value: Buffer }[]
    column = row!.value
  })
  return column
}

const WAYS: Readonly<Record<string, (cache: Cache) => unknown>> = {
  get: (cache) => cache.get('key'),
  getEntry: (cache) => cache.getEntry('key'),
  getMany: (cache) => cache.getMany(['key'])[0],
  getEntries: (cache) => cache.getEntries(['key'])[0],
  read: (cache) => cache.read('key'),
  'read of a part': (cache) => cache.read('key', { start: 1, end: 2 }),
  readEntry: (cache) => cache.readEntry('key'),
  pop: (cache) => cache.pop('key'),
  popEntry: (cache) => cache.popEntry('key'),
  values: (cache) => [...cache.values()][0],
  entryAt: (cache) => cache.entryAt(0),
  'promises.getEntry': (cache) => cache.promises.getEntry('key'),
  'promises.readEntry': (cache) => cache.promises.readEntry('key'),
  'promises.values': async (cache) => (await Array.fromAsync(cache.promises.values()))[0],
}

describe('metadata that have changed on disk', () => {
  test.for(Object.keys(WAYS))('are a miss for %s, and the entry goes', async (way, { directory }) => {
    using cache = new Cache(directory)
    await write(cache, 'key')
    const column = columnOf(directory)
    column[column.length - 3] = column[column.length - 3]! ^ 4
    damage(directory, 'value = ?', column)
    expect(await WAYS[way]!(cache)).toBeUndefined()
    expect(cache.size).toBe(0)
    expect(valueFiles(cache)).toEqual([])
  })

  test('are found, whichever bit it is', async ({ directory }) => {
    using cache = new Cache(directory)
    await write(cache, 'key', 'html', Buffer.from('x'))
    const column = columnOf(directory)
    for (let bit = 0; bit < column.length * 8; bit++) {
      const changed = Buffer.from(column)
      changed[bit >> 3] = changed[bit >> 3]! ^ (1 << (bit & 7))
      damage(directory, 'value = ?', changed)
      expect(cache.check(), `bit ${bit}`).toMatchObject([{ kind: 'wrong-checksum' }])
    }
    for (const other of ['text', 7n, 0.5, Buffer.alloc(0), Buffer.alloc(4), column.subarray(0, -1)]) {
      damage(directory, 'value = ?', other)
      expect(cache.check()).toMatchObject([{ kind: 'wrong-checksum' }])
    }
    damage(directory, 'value = ?', column)
    expect(cache.check()).toEqual([])
    damage(directory, "value = 'text'")
    cache.check({ fix: true })
    expect([cache.size, cache.check(), valueFiles(cache)]).toEqual([0, [], []])
  })

  test('are a miss where the checksum is right, and the codec finds them changed', async ({ directory }) => {
    const open = (key: number) => new EncryptedDisk({ keys: [Buffer.alloc(32, key)], unknownKey: 'miss' })
    const other = join(directory, 'other')
    for (const [path, key] of [
      [directory, 1],
      [other, 2],
    ] as const) {
      using cache = new Cache(path, { disk: open(key) })
      await write(cache, 'key')
    }
    expect(columnOf(directory).includes('text/html')).toBe(false)
    damage(directory, 'value = ?', columnOf(other))
    using cache = new Cache(directory, { disk: open(1) })
    expect(cache.readEntry('key')).toBeUndefined()
    expect(cache.size).toBe(0)
  })

  test('are checked where checksums are off, and stay right when they are on again', async ({
    directory,
  }) => {
    using cache = new Cache(directory, { checksums: false })
    await write(cache, 'key')
    cache.configure({ checksums: true })
    cache.check({ fix: true })
    expect(cache.getEntry('key')).toMatchObject({ value: BODY, metadata: METADATA })
    expect(cache.check()).toEqual([])
    cache.configure({ checksums: false })
    const column = columnOf(directory)
    column[8] = column[8]! ^ 1
    damage(directory, 'value = ?', column)
    expect(cache.getEntry('key')).toBeUndefined()
  })
})

test('what another program left beside a file is no metadata, and does no harm', ({ directory }) => {
  using cache = new Cache(directory)
  cache.set('key', BODY)
  craft(directory, (database) =>
    database.exec(
      "INSERT INTO Settings VALUES ('disk_pickle_protocol', 4); UPDATE Cache SET value = 'other'",
    ),
  )
  cache.close()
  using again = new Cache(directory)
  expect(again.getEntry('key')).toStrictEqual({ value: BODY, expireTime: null, tags: [] })
  expect(again.readEntry('key')).not.toHaveProperty('metadata')
})

test('a row has metadata beside its file, of which it says nothing else', async ({ directory }) => {
  using cache = new Cache(directory)
  await write(cache, 'key', METADATA, Buffer.from('short'))
  expect(valueFiles(cache)).toHaveLength(1)
  craft(directory, (database) => {
    const [row] = database.prepare('SELECT mode, size, typeof(value) AS type FROM Cache').all()
    expect(row).toEqual({ mode: 2, size: 5, type: 'blob' })
  })
  rmSync(join(directory, valueFiles(cache)[0]!))
  expect(cache.readEntry('key')).toBeUndefined()
  expect(cache.check({ fix: true })).toEqual(expect.any(Array))
  expect(cache.check()).toEqual([])
})

test('metadata go with their entry: rename, copy, items of a queue', async ({ directory }) => {
  const [source, target] = [join(directory, 'a'), join(directory, 'b')]
  using cache = new Cache(source)
  await write(cache, 'old')
  expect(cache.rename('old', 'new')).toBe(true)
  const entry = { value: BODY, expireTime: null, tags: ['page'], metadata: METADATA }
  expect(cache.getEntry('new')).toEqual(entry)
  await copyDirectory(source, target)
  using copy = new Cache(target)
  expect(copy.getEntry('new')).toEqual(entry)
  expect(copy.check()).toEqual([])

  const item = cache.push('item', { prefix: 'jobs' })
  await write(cache, String(item))
  expect(cache.peek({ prefix: 'jobs' })).toEqual({ key: item, ...entry })
  expect(cache.pull({ prefix: 'jobs' })).toEqual({ key: item, ...entry })
  expect(cache.entryAt(-1)).toEqual({ key: 'new', ...entry })
  expect(cache.check()).toEqual([])
})

test('bytes and metadata are of one write, also after kill -9', { timeout: 120_000 }, async ({
  directory,
}) => {
  using cache = new Cache(directory)
  await write(cache, 'key', 'body', BODY)
  const expectOneWrite = async () => {
    const { stream, metadata, size } = (await cache.promises.readEntry('key'))!
    const body = Buffer.alloc(size, metadata as string)
    expect(Buffer.concat(await stream.toArray()).equals(body), String(metadata)).toBe(true)
  }
  for (let round = 0; round < 4; round++) {
    const jobs = [0, 1].map((writer) => ({ directory, writer }))
    const children = jobs.map((job) => Child.process(WRITER, job, { limit: 60_000 }))
    await meet(children)
    for (let i = 0; i < 25; i++) await expectOneWrite()
    for (const child of children) child.kill()
    await Promise.all(children.map(({ ended }) => ended))
    await expectOneWrite()
    expect(cache.check().filter(isDamage)).toEqual([])
  }
  expect(cache.getEntry('key')!.metadata).toMatch(/^[01]:/)
})

test("metadata in memory are those of the entry, and nobody else's to change", async ({ directory }) => {
  using cache = new Cache(directory, { memory: { maxBytes: 1e6, staleness: 60_000 } })
  const bytes = randomBytes(20)
  await write(cache, 'key', { bytes: Buffer.from(bytes) }, Buffer.from('body'))
  for (let i = 0; i < 3; i++) {
    const entry = cache.getEntry('key')!
    expect(entry.metadata).toEqual({ bytes })
    ;(entry.metadata as { bytes: Buffer }).bytes.fill(0)
  }
  expect(cache.stats().memory).toMatchObject({ hits: 2 })
  await write(cache, 'key', 'new', Buffer.from('body'))
  expect(cache.getEntry('key')).toMatchObject({ metadata: 'new' })
  expect((await cache.promises.getEntry('key'))?.metadata).toBe('new')
})

test('metadata count for the size limit', async ({ directory }) => {
  using cache = new Cache(directory, { sizeLimit: 2e6 })
  for (let i = 0; i < 100; i++) await write(cache, `key ${i}`, randomBytes(60_000), Buffer.from('x'))
  expect(cache.volume()).toBeLessThan(2.2e6)
  expect(cache.size).toBeGreaterThan(10)
  expect(cache.check()).toEqual([])
})
