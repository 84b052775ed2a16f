import { existsSync, mkdirSync, readdirSync, truncateSync, utimesSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { Disk } from '@diskcache/core'
import { CacheDirectory } from '@diskcache/core/sqlite'
import { describe, expect } from 'vitest'
import { cacheTest, LARGE, loseFiles, valueFiles } from '../../tests/cache-test.ts'
import { damage, fill, overwrite, PAGE } from '../../tests/damage/damaged-database.ts'
import { Cache } from '../cache.ts'
import { sqliteEngine } from '../context/engine.ts'
import { ConsistencyCheck } from './consistency-check.ts'
import { OrphanSweep } from './orphan-sweep.ts'

const test = cacheTest()
const HOUR = 3_600_000
const ORPHAN = `aa/bb/${'c'.repeat(28)}.val`

function makeFile(directory: string, name: string, modified: number): void {
  const path = join(directory, name)
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, 'content')
  utimesSync(path, modified / 1e3, modified / 1e3)
}

describe('check()', () => {
  test('finds and mends missing and damaged files, and wrong counters', ({ store, directory }) => {
    store.set('missing', LARGE)
    loseFiles(store)
    store.set('short', LARGE)
    for (const name of valueFiles(store)) truncateSync(join(directory, name), 10)
    store.set('sound', LARGE)
    const other = new CacheDirectory(directory, {
      engine: sqliteEngine(),
      settings: {},
      timeout: 100,
      readonly: false,
      disk: Disk,
    })
    other.addToCounter('count', 5)
    other.connection.close()
    const kinds = () => store.check().map(({ kind }) => kind)
    expect(kinds()).toEqual(['missing-file', 'wrong-size', 'wrong-counter'])
    expect(store.check({ fix: true })).toHaveLength(3)
    expect(store.check()).toEqual([])
    expect([...store.keys()]).toEqual(['sound'])
    expect(valueFiles(store)).toHaveLength(1)
  })

  test('removes orphans and empty directories once they are old, and nothing that is not ours', ({
    store,
    directory,
    clock,
  }) => {
    const foreign = [
      'notes.txt',
      'aa/bb/notes.val',
      'nested/cache.db',
      'aa/zz/file',
      `aa/bb/${'C'.repeat(28)}.val`,
    ]
    for (const name of [ORPHAN, ...foreign]) makeFile(directory, name, clock.time)
    makeFile(directory, 'dd/ee/x', clock.time)
    mkdirSync(join(directory, 'ff', '00'), { recursive: true })
    for (const name of ['ff/00', 'ff']) utimesSync(join(directory, name), clock.time / 1e3, clock.time / 1e3)
    expect(store.check({ fix: true })).toEqual([])
    clock.advance(HOUR)
    expect(
      store
        .check()
        .map(({ kind }) => kind)
        .sort(),
    ).toEqual(['empty-directory', 'orphan-file'])
    expect(store.check({ fix: true })).toHaveLength(2)
    expect(existsSync(join(directory, ORPHAN))).toBe(false)
    expect(existsSync(join(directory, 'ff'))).toBe(false)
    for (const name of foreign) expect(existsSync(join(directory, name))).toBe(true)
  })
})

test('check() tells of no missing file where its row goes a little later, as where Python writes', ({
  store,
  directory,
}) => {
  for (const key of ['going', 'missing']) store.set(key, LARGE)
  loseFiles(store)
  const other = new CacheDirectory(directory, {
    engine: sqliteEngine(),
    settings: {},
    timeout: 5_000,
    readonly: true,
    disk: Disk,
  })
  const work = new ConsistencyCheck(other, new OrphanSweep(other, Date.now)).inSlices(false)
  const pauses: number[] = []
  for (;;) {
    const { done, value } = work.next()
    if (done) {
      expect(value.map(({ kind }) => kind)).toEqual(['missing-file'])
      break
    }
    if (typeof value !== 'number') continue
    pauses.push(value)
    store.delete('going')
  }
  other.close()
  store.check({ fix: true })
  expect(pauses.length).toBeGreaterThan(1)
})

describe('Ordinary operation', () => {
  test('collects orphans in passing', ({ store, directory, clock }) => {
    makeFile(directory, ORPHAN, clock.time)
    store.set('live', LARGE)
    clock.advance(HOUR)
    for (let i = 0; i < 3_000 && existsSync(join(directory, ORPHAN)); i++) store.set(i, i)
    expect(existsSync(join(directory, ORPHAN))).toBe(false)
    expect(store.get('live')).toBe(LARGE)
  })

  test('takes a damaged entry for a miss, and removes it', ({ store, directory }) => {
    const reads = ['get', 'getEntry', 'pop', 'popEntry'] as const
    for (const read of reads) {
      store.set('key', LARGE)
      loseFiles(store)
      expect(store[read]('key')).toBeUndefined()
      expect(store.size).toBe(0)
    }
    store.set('key', LARGE)
    loseFiles(store)
    expect(store.getMany(['key'])).toEqual([undefined])
    expect(
      readdirSync(directory).every((name) => name.startsWith('cache.db') || /^[0-9a-f]{2}$/.test(name)),
    ).toBe(true)
    expect([...store]).toEqual([])
    expect(store.update('key', (entry) => ({ set: entry === undefined }))?.value).toBe(true)
  })
})

test('OrphanSweep.remove() leaves a file that an entry has come to name since it was found', ({
  store,
  directory,
}) => {
  store.set('key', LARGE)
  const [name = ''] = valueFiles(store)
  const open = new CacheDirectory(directory, {
    engine: sqliteEngine(),
    settings: {},
    timeout: 100,
    readonly: false,
    disk: Disk,
  })
  const sweep = new OrphanSweep(open, Date.now)
  sweep.remove({ kind: 'orphan-file', path: name })
  expect(store.get('key')).toBe(LARGE)
  makeFile(directory, ORPHAN, 0)
  sweep.remove({ kind: 'orphan-file', path: ORPHAN })
  expect(existsSync(join(directory, ORPHAN))).toBe(false)
  open.connection.close()
})

describe('check({ fix: true }) on a database', () => {
  const ROOT_PAGE_AT = 52

  test('with a wrong number in its header builds it anew, and keeps the entries', ({ directory }) => {
    const cache = join(directory, 'cache')
    fill(cache)
    overwrite(cache, ROOT_PAGE_AT, Buffer.from([0, 1]))
    using store = new Cache(cache, { onCorrupt: 'throw' })
    expect(store.check()).toMatchObject([{ kind: 'integrity' }])
    expect(store.check({ fix: true })).toMatchObject([{ kind: 'integrity' }])
    expect(store.check()).toEqual([])
    expect(store.get('key-7')).toEqual({ i: 7, text: 'x'.repeat(7) })
  })

  test("with damaged rows makes it anew, but not with onCorrupt: 'throw'", ({ directory }) => {
    const cache = join(directory, 'cache')
    fill(cache)
    damage(cache, (bytes) => {
      const starts = Array.from({ length: bytes.length / PAGE }, (_, page) => page * PAGE)
      const rows = starts.filter(
        (start) => bytes[start] === 13 && bytes.subarray(start, start + PAGE).includes('key-'),
      )
      for (const start of rows.slice(3)) bytes.fill(0xa7, start, start + 8)
      return bytes
    })
    using careful = new Cache(cache, { onCorrupt: 'throw' })
    expect(careful.check({ fix: true })).not.toEqual([])
    expect(careful.check()).not.toEqual([])
    using store = new Cache(cache)
    store.check({ fix: true })
    expect(store.check()).toEqual([])
    expect(store.set('key', 'value')).toBe(true)
  })
})
