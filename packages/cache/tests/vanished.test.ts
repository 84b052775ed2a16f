import { mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test as baseTest, describe, expect } from 'vitest'
import { Cache } from '../src/cache.ts'

const test = baseTest.extend<{ root: string; directory: string }>({
  // biome-ignore lint/correctness/noEmptyPattern: vitest requires a destructured first argument
  root: async ({}, use) => {
    const root = mkdtempSync(join(tmpdir(), 'diskcache-vanished-'))
    await use(root)
    rmSync(root, { recursive: true, force: true })
  },
  directory: ({ root }, use) => use(join(root, 'cache')),
})

/** Looks at the files at once, as every operation does that comes a second after the last look. */
function look(cache: Cache): void {
  const { promises } = cache
  const symbol = Symbol.for('diskcache.storeFiles') as unknown as keyof typeof promises
  ;(promises[symbol] as unknown as { look(key: string): void }).look('key')
}

describe('A cache whose directory', () => {
  const changes: { what: string; change(directory: string, root: string): void }[] = [
    { what: 'is removed', change: (directory) => rmSync(directory, { recursive: true }) },
    { what: 'is moved', change: (directory, root) => renameSync(directory, join(root, 'moved')) },
    {
      what: 'is made anew by another',
      change: (directory) => {
        rmSync(directory, { recursive: true })
        using other = new Cache(directory)
        other.set('other', 1)
      },
    },
    {
      what: 'is there, but empty',
      change: (directory) => {
        rmSync(directory, { recursive: true })
        mkdirSync(directory)
      },
    },
    { what: 'has lost its database', change: (directory) => rmSync(join(directory, 'cache.db')) },
  ]

  test.for(changes)('$what goes on with what stands there now', ({ change }, { directory, root }) => {
    using cache = new Cache(directory, { sizeLimit: 12_345_678 })
    cache.set('before', 1)
    change(directory, root)
    look(cache)
    expect(cache.get('before')).toBe(undefined)
    expect(cache.set('after', 2)).toBe(true)
    using other = new Cache(directory)
    expect(other.get('after')).toBe(2)
    other.set('theirs', 3)
    expect(cache.get('theirs')).toBe(3)
    expect(cache.check()).toEqual([])
  })
})

describe('A cache whose directory', () => {
  test('is removed keeps its settings', ({ directory }) => {
    using cache = new Cache(directory, { sizeLimit: 12_345_678 })
    rmSync(directory, { recursive: true })
    look(cache)
    expect(cache.settings.sizeLimit).toBe(12_345_678)
  })

  test('is removed during a transaction looks only after it', ({ directory }) => {
    using cache = new Cache(directory)
    cache.transact(() => {
      cache.set('a', 1)
      rmSync(directory, { recursive: true })
      look(cache)
      expect(cache.get('a')).toBe(1)
    })
    look(cache)
    expect(cache.get('a')).toBe(undefined)
    expect(cache.set('a', 2)).toBe(true)
  })

  test('is removed serves the promise face, too', async ({ directory }) => {
    using cache = new Cache(directory)
    await cache.promises.set('before', 1)
    rmSync(directory, { recursive: true })
    look(cache)
    expect(await Promise.all([cache.promises.get('before'), cache.promises.set('after', 2)])).toEqual([
      undefined,
      true,
    ])
    using other = new Cache(directory)
    expect(other.get('after')).toBe(2)
  })

  test('is removed wakes those who wait for a change', async ({ directory }) => {
    using cache = new Cache(directory)
    const change = cache.promises.waitFor(['key'], { signal: AbortSignal.timeout(30_000) })
    rmSync(directory, { recursive: true })
    await change
    expect(cache.get('key')).toBe(undefined)
  })
})

describe('A cache whose directory cannot be made again', () => {
  test('wakes those who wait for a change, who meet the error', async ({ directory }) => {
    using cache = new Cache(directory)
    const change = cache.promises.waitFor(['key'], { signal: AbortSignal.timeout(30_000) })
    rmSync(directory, { recursive: true })
    writeFileSync(directory, 'a file')
    look(cache)
    await change
    await expect(cache.promises.get('key')).rejects.toThrow()
    rmSync(directory)
  })

  test('rejects what promises write, also when settings are to be read again', async ({ directory }) => {
    let now = Date.now()
    // Settings are read again after a second.
    using cache = new Cache(directory, { clock: () => (now += 2_000) })
    await cache.promises.set('before', 1)
    const writes = [cache.promises.set('key', 1), cache.promises.set('other', 2)]
    rmSync(directory, { recursive: true })
    writeFileSync(directory, 'a file')
    look(cache)
    for (const write of writes) await expect(write).rejects.toThrow('Cannot')
    rmSync(directory)
    expect(await cache.promises.set('key', 1)).toBe(true)
  })

  test('throws errors with a code, until it can', ({ directory }) => {
    using cache = new Cache(directory)
    rmSync(directory, { recursive: true })
    writeFileSync(directory, 'a file')
    look(cache)
    expect(() => cache.set('a', 1)).toThrow()
    rmSync(directory)
    expect(cache.set('a', 1)).toBe(true)
  })
})

describe('A cache that has lost', () => {
  test.for(['cache.db-wal', 'cache.db-shm'])(
    '%s keeps what it wrote, and meets the others',
    (name, { directory }) => {
      using cache = new Cache(directory)
      cache.set('before', 1)
      rmSync(join(directory, name))
      look(cache)
      expect(cache.get('before')).toBe(1)
      using other = new Cache(directory)
      for (let i = 0; i < 50; i++) expect(other.set(`other-${i}`, i)).toBe(true)
      for (let i = 0; i < 50; i++) expect(cache.get(`other-${i}`)).toBe(i)
      cache.set('after', 2)
      expect(other.get('after')).toBe(2)
      expect(readdirSync(directory)).toContain(name)
    },
  )
})
