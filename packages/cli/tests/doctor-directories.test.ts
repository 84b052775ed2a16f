import { chmodSync, chownSync, mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { Cache } from '@diskcache/cache'
import { Deque, Index } from '@diskcache/collections'
import { FanoutCache } from '@diskcache/fanout'
import { expect } from 'vitest'
import { doctorTest as test, textOf } from './doctor/doctor-test.ts'
import { craft } from './doctor/raw-database.ts'

const isRoot = process.getuid?.() === 0
const isWindows = process.platform === 'win32'

function fill(directory: string): void {
  using cache = new Cache(directory)
  cache.transact(() => {
    for (let i = 0; i < 50; i++) cache.set(`key ${i}`, { i }, { tag: 'tag', ttl: 3_600_000 })
    cache.set('file', 'x'.repeat(40_000))
  })
}

test('doctor finds a cache in a healthy directory, and no trouble', async ({ directory, examine }) => {
  fill(directory)
  const report = await examine()
  expect(report.findings.filter(({ sign }) => sign !== 'ok')).toEqual([])
  expect(report).toMatchObject({
    name: directory,
    isHealthy: true,
    ...(process.platform === 'linux' && { holders: [] }),
  })
})

test('doctor finds no trouble in a FanoutCache, a Deque and an Index', async ({ directory, found }) => {
  {
    using fanout = new FanoutCache(directory, { shards: 3, maxEntries: 300 })
    for (let i = 0; i < 20; i++) fanout.set(i, i)
    Deque.in(fanout, 'jobs', { values: [1, 2, 3] }).close()
    using index = Index.in<string, number>(fanout, 'names')
    index.set('a', 1)
  }
  for (const path of ['.', 'deque/jobs', 'index/names'])
    expect(await found(join(directory, path))).toEqual([])
})

test('doctor says what there is in the place of a cache', async ({ directory, found }) => {
  expect(await found(join(directory, 'missing'))).toEqual(['no-directory'])
  expect(await found()).toEqual(['empty-directory'])
  writeFileSync(join(directory, 'notes'), 'text')
  expect(await found()).toEqual(['no-cache'])
  expect(await found(join(directory, 'notes'))).toEqual(['not-a-directory'])
  expect(await found(join(directory, 'notes', 'inner'))).toEqual(['no-directory'])
})

test('doctor knows the files of other programs', async ({ directory, found }) => {
  writeFileSync(join(directory, 'cache.db'), 'a text that is no database at all, '.repeat(100), {
    mode: 0o600,
  })
  expect(await found()).toEqual(['foreign-database'])
  rmSync(join(directory, 'cache.db'))
  craft(directory, 'CREATE TABLE users (name UNIQUE CHECK (name <> 1))')
  chmodSync(join(directory, 'cache.db'), 0o600)
  expect(await found()).toEqual(['foreign-database'])
})

test('doctor knows later and earlier formats', async ({ directory, examine, found }) => {
  fill(directory)
  craft(directory, 'PRAGMA user_version = 400')
  expect(textOf(await examine(), 'newer-format')).toContain('it has format 400')
  craft(directory, 'PRAGMA user_version = 200')
  expect(await found()).toEqual(['older-format'])
})

test.skipIf(isWindows)('doctor names who else may write', async ({ directory, examine, found }) => {
  fill(directory)
  chmodSync(directory, 0o777)
  expect(textOf(await examine(), 'unsafe-directory')).toContain('every user of this machine may write to it')
  chmodSync(directory, 0o700)
  chmodSync(join(directory, 'cache.db'), 0o666)
  expect(await found()).toEqual(['file-open-to-all'])
})

test.skipIf(!isRoot)('doctor names a directory of another user (as root)', async ({ directory, examine }) => {
  fill(directory)
  chownSync(directory, 12_345, 12_345)
  expect(textOf(await examine(), 'unsafe-directory')).toContain('it belongs to another user (12345)')
})

test.skipIf(isRoot || isWindows)('doctor names what this user may not read', async ({ directory, found }) => {
  fill(directory)
  chmodSync(join(directory, 'cache.db'), 0)
  expect(await found()).toEqual(expect.arrayContaining(['unreadable-file', 'unreadable-database']))
  chmodSync(directory, 0)
  expect(await found()).toEqual(['closed-directory'])
  chmodSync(directory, 0o700)
})

test.skipIf(isWindows)(
  'doctor names links in the place of files and shards',
  async ({ directory, examine, found }) => {
    const [own, other] = [join(directory, 'own'), join(directory, 'other')]
    for (const path of [own, other]) fill(path)
    rmSync(join(own, 'cache.db'))
    symlinkSync(join(other, 'cache.db'), join(own, 'cache.db'))
    expect(textOf(await examine(own), 'not-a-plain-file')).toMatch(/: cache\.db$/)
    using fanout = new FanoutCache(join(directory, 'fanout'), { shards: 2 })
    fanout.close()
    renameSync(join(fanout.directory, '001'), join(directory, '001'))
    symlinkSync(join(directory, '001'), join(fanout.directory, '001'))
    expect(await found(fanout.directory)).toContain('not-a-plain-file')
  },
)

test('doctor names shards that vanished, or are not like the others', async ({
  directory,
  examine,
  found,
}) => {
  new FanoutCache(directory, { shards: 4 }).close()
  craft(join(directory, '002'), "UPDATE Settings SET value = 3 WHERE key = 'cull_limit'")
  rmSync(join(directory, '001'), { recursive: true })
  const report = await examine()
  expect(textOf(report, 'missing-shard')).toMatch(/: 001 of 4$/)
  expect(textOf(report, 'different-settings')).toMatch(/: 002: cullLimit$/)
  expect(report.findings.filter(({ sign }) => sign === 'trouble')).toHaveLength(2)
  rmSync(join(directory, '003', 'cache.db'))
  expect(textOf(await examine(), 'missing-shard')).toMatch(/: 001, 003 of 4$/)
  mkdirSync(join(directory, '004'), { mode: 0o700 })
  mkdirSync(join(directory, '005'), { mode: 0o700 })
  expect(await found()).toContain('too-many-shards')
  writeFileSync(join(directory, 'cache.db-shards'), 'xyz\n')
  expect(await found()).toContain('damaged-shards-record')
  rmSync(join(directory, 'cache.db-shards'))
  expect(await found()).toContain('unrecorded-shards')
})

test('doctor names a deque and an index whose items are evicted', async ({ directory, found }) => {
  new Deque(join(directory, 'deque'), { values: [1, 2, 3] }).close()
  new FanoutCache(join(directory, 'fanout'), { shards: 1 }).close()
  using index = new Index<string, number>(join(directory, 'fanout', 'index', 'a', 'b'))
  index.set('a', 1)
  index.close()
  for (const path of [join(directory, 'deque'), index.directory]) {
    expect(await found(path)).toEqual([])
    new Cache(path, { evictionPolicy: 'least-recently-used' }).close()
    expect(await found(path)).toEqual(['collection-evicts'])
  }
  expect(await found(dirname(index.directory))).toEqual(['no-cache'])
})
