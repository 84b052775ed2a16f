import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { Disk } from '@diskcache/core'
import { describe, expect, vi } from 'vitest'
import { cacheTest, LARGE, valueFiles } from '../../tests/cache-test.ts'
import { CacheParts } from '../operations/cache-parts.ts'

const FULL = expect.objectContaining({ code: 'ERR_DISKCACHE_FULL' })

/** Opens what is in `directory`, whose database may grow by so many pages and no more, as on a full disk. */
function partsOnFullDisk(directory: string, pages: number): CacheParts & Disposable {
  const parts = new CacheParts(directory, {
    settings: {},
    timeout: 1_000,
    asyncTimeout: 1_000,
    openTimeout: 1_000,
    initialSettings: {},
    readonly: false,
    onCorrupt: 'throw' as const,
    onUnsafe: 'warn' as const,
    disk: Disk,
    shards: 1,
    clock: Date.now,
  })
  const { connection } = parts.context.directory
  const count = connection.query<{ page_count: bigint }>('PRAGMA page_count').get()?.page_count
  connection.execute(`PRAGMA max_page_count = ${Number(count) + pages}`)
  return Object.assign(parts, { [Symbol.dispose]: () => parts.context.directory.close() })
}

function set(parts: CacheParts, key: string, value: unknown): boolean {
  return parts.writer.execute(parts.items.set(key, value, undefined))
}

describe('On a full disk', () => {
  const test = cacheTest()

  test('a set evicts what makes room for it', ({ store }) => {
    for (let i = 0; i < 200; i++) store.set(i, 'x'.repeat(1_500))
    store.close()
    using parts = partsOnFullDisk(store.directory, 2)
    for (let i = 0; i < 50; i++) expect(set(parts, `new ${i}`, 'y'.repeat(1_500))).toBe(true)
    expect(parts.items.get('new 49')?.value).toBe('y'.repeat(1_500))
  })

  test.for([
    ['small', 10],
    ['large', LARGE.length],
  ] as const)('a set that is refused leaves no %s old value', ([, length], { store }) => {
    store.configure({ cullLimit: 0 })
    store.set('key', 'x'.repeat(length))
    store.set('other', 1)
    store.close()
    using parts = partsOnFullDisk(store.directory, 1)
    expect(() => set(parts, 'key', 'y'.repeat(30_000))).toThrow(FULL)
    expect(parts.items.get('key')).toBe(undefined)
    expect(parts.items.get('other')?.value).toBe(1)
    expect(valueFiles(store)).toEqual([])
    expect(parts.check.run(false)).toEqual([])
  })

  test('setMany leaves none of the old values, and update all of them', ({ store }) => {
    store.configure({ cullLimit: 0 })
    store.setMany([
      ['a', 1],
      ['b', 2],
      ['c', 3],
    ])
    store.close()
    using parts = partsOnFullDisk(store.directory, 1)
    const value = 'y'.repeat(30_000)
    expect(() => parts.writer.execute(parts.items.update('c', () => ({ set: value })))).toThrow(FULL)
    const many = parts.bulk.set(
      [
        ['a', value],
        ['b', value],
      ],
      undefined,
    )
    expect(() => parts.writer.execute(many)).toThrow(FULL)
    expect([...parts.iteration.keys({})]).toEqual(['c'])
  })
})

describe('On a full disk, nothing else is lost:', () => {
  const test = cacheTest()

  test('a set inside transact changes nothing, as the transaction is undone', ({ store }) => {
    store.configure({ cullLimit: 0 })
    store.set('key', 'old')
    store.close()
    using parts = partsOnFullDisk(store.directory, 1)
    const { connection } = parts.context.directory
    expect(() => connection.transact(() => set(parts, 'key', 'y'.repeat(30_000)))).toThrow(FULL)
    expect(parts.items.get('key')?.value).toBe('old')
  })

  test('what is pinned is not evicted', ({ store }) => {
    for (let i = 0; i < 200; i++) store.set(i, 'x'.repeat(1_500), { pin: true })
    store.close()
    using parts = partsOnFullDisk(store.directory, 2)
    expect(() => set(parts, 'new', 'y'.repeat(30_000))).toThrow(FULL)
    expect([...parts.iteration.keys({})]).toHaveLength(200)
  })

  test('the reserve is given up, and made again when there is space', ({ store }) => {
    const reserve = join(store.directory, 'cache.db-reserve')
    for (let i = 0; i < 100; i++) store.set(i, i)
    expect(existsSync(reserve)).toBe(true)
    store.close()
    using parts = partsOnFullDisk(store.directory, 1_000)
    parts.context.directory.relieve(true)
    expect(existsSync(reserve)).toBe(false)
    for (let i = 0; i < 100; i++) set(parts, `key ${i}`, i)
    expect(existsSync(reserve)).toBe(true)
  })
})

describe('On a disk that is smaller than the size limit', () => {
  const test = cacheTest()

  test('the cache stays as large as the disk allows', ({ store }) => {
    store.close()
    using parts = partsOnFullDisk(store.directory, 1_000_000)
    const { directory } = parts.context
    const disk = 4_000_000
    const free = vi
      .spyOn(directory.reserve, 'free')
      .mockImplementation(() => Math.max(0, disk - directory.volume()))
    for (let i = 0; i < 4_000; i++) set(parts, `key ${i}`, 'x'.repeat(1_500))
    expect(directory.volume()).toBeLessThan(disk)
    expect(directory.volume()).toBeGreaterThan(disk - 1_500_000)
    free.mockRestore()
  })
})
