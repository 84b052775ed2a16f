import { closeSync, mkdirSync, openSync, readSync, rmSync, writeFileSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { Cache } from '@diskcache/cache'
import { Disk, errorChannel } from '@diskcache/core'
import { directoryTest } from '@diskcache/testkit'
import { expect, vi } from 'vitest'
import { Child } from '../../../recipes/tests/processes/child.ts'
import { buildIn, entryOf, LIFE, PAGE, PATIENT, textOf, VALUES } from '../../tests/next/next-test.ts'
import { createCacheHandler, createUseCacheHandler } from './index.ts'
import { LateCache } from './late-cache.ts'

/** Where `user_version` is in the header of a SQLite database. */
const USER_VERSION = 60

/** Codecs that count how often a directory was opened. */
class CountingDisk extends Disk {
  static override readonly codec = 'counting'
  static made = 0

  constructor() {
    super()
    CountingDisk.made++
  }
}

const test = directoryTest.extend<{
  told: { store: string; error: Error }[]
  /** The path of a cache that cannot be made, as its parent is a file. */
  blocked: string
}>({
  // biome-ignore lint/correctness/noEmptyPattern: vitest requires a destructured first argument
  told: async ({}, use) => {
    const told: { store: string; error: Error }[] = []
    const listen = (message: unknown) => void told.push(message as (typeof told)[number])
    vi.spyOn(process, 'emitWarning').mockImplementation(() => {})
    errorChannel.subscribe(listen)
    await use(told)
    errorChannel.unsubscribe(listen)
    vi.restoreAllMocks()
  },
  blocked: async ({ directory }, use) => {
    writeFileSync(join(directory, 'parent'), '')
    await use(join(directory, 'parent', 'cache'))
  },
})

test('a directory that cannot be made is a miss, and the channel and a warning say so once', async ({
  directory,
  blocked,
  told,
}) => {
  const build = buildIn(join(directory, 'build'), 'id')
  const Handler = createCacheHandler(blocked)
  const error = expect.objectContaining({
    code: 'ERR_DISKCACHE_IO',
    message: expect.stringContaining(blocked),
  })
  expect(told).toEqual([{ store: blocked, reason: 'failed', error }])
  expect(process.emitWarning).toHaveBeenCalledExactlyOnceWith(expect.stringContaining(blocked), {
    type: 'DiskCacheWarning',
    code: 'DISKCACHE_NEXT_UNOPENED',
  })
  for (let round = 0; round < 20; round++) {
    const request = new Handler(build)
    await request.set('page', VALUES.APP_PAGE, LIFE)
    expect(await request.get('page', PAGE)).toBeNull()
    await request.revalidateTag('pages')
  }
  const functions = createUseCacheHandler(blocked)
  await functions.set('key', Promise.resolve(entryOf('text')))
  expect(await functions.get('key', [])).toBeUndefined()
  await functions.updateTags(['used'])
  expect(told).toHaveLength(2)
})

test('a directory that can be made later has entries from then on, and is told what was revalidated', async ({
  directory,
  blocked,
  told,
}) => {
  const build = buildIn(join(directory, 'build'), 'id')
  const here = new (createCacheHandler(blocked, PATIENT))(build)
  const functions = createUseCacheHandler(blocked, PATIENT)
  expect(await here.get('page', PAGE)).toBeNull()
  expect(await functions.get('key', [])).toBeUndefined()
  await here.revalidateTag('pages')
  rmSync(join(blocked, '..'))
  mkdirSync(join(blocked, '..'))
  using cache = new Cache(blocked)
  const isTold = () => cache.keys({ prefix: 'next::tags:' }).next().done === false
  await expect.poll(isTold, { timeout: 20_000 }).toBe(true)
  const store = async () => {
    await here.set('page', VALUES.APP_PAGE, LIFE)
    await functions.set('key', Promise.resolve(entryOf('text')))
    return [(await here.get('page', PAGE)) !== null, await textOf(await functions.get('key', []))]
  }
  await expect.poll(store, { timeout: 20_000 }).toEqual([true, 'text'])
  expect(cache.has('next::response:id:page')).toBe(true)
  // Once by each handler; while the cache was made here, they may have found it locked.
  const reasons = told.map(({ error }) => error.message)
  expect(reasons.filter((reason) => reason === reasons[0])).toHaveLength(2)
})

test('a directory of a newer format is tried again at times, not by each request, until it can be read', async ({
  directory,
  told,
}) => {
  const path = join(directory, 'cache')
  new Cache(path, { disk: CountingDisk }).close()
  const version = changeVersion(path, 9_900)
  const Handler = createCacheHandler(path, { ...PATIENT, cache: { disk: CountingDisk } })
  expect(told).toMatchObject([{ store: path, error: { code: 'ERR_DISKCACHE_FORMAT' } }])
  const build = buildIn(join(directory, 'build'), 'id')
  CountingDisk.made = 0
  for (let round = 0; round < 2_000; round++) {
    expect(await new Handler(build).get(`page ${round}`, PAGE)).toBeNull()
  }
  expect(CountingDisk.made).toBeLessThan(200)
  changeVersion(path, version)
  const store = async () => {
    await new Handler(build).set('page', VALUES.APP_PAGE, LIFE)
    return (await new Handler(build).get('page', PAGE))?.value?.kind
  }
  await expect.poll(store, { timeout: 20_000 }).toBe('APP_PAGE')
})

test('the channel is told of another reason, once', async ({ directory, told }) => {
  const path = join(directory, 'cache')
  const late = new LateCache(path, { readonly: true }, new Error('a first reason'))
  for (let round = 0; round < 3; round++) {
    await expect(late.get('key')).rejects.toMatchObject({
      code: 'ERR_DISKCACHE_UNAVAILABLE',
      cause: { message: expect.stringContaining(path) },
    })
  }
  expect(told.map(({ error }) => error.message)).toEqual(['a first reason', expect.stringContaining(path)])
})

test('LateCache does not keep the event loop waiting for a lock', async ({ directory, told: _ }) => {
  new Cache(directory).close()
  await using holder = new Child(new URL('../../tests/next/lock-holder.ts', import.meta.url), { directory })
  await holder.hear()
  const changing = { openTimeout: 30_000, cullLimit: 3 }
  const late = new LateCache(directory, changing, new Error('it was locked'))
  const began = performance.now()
  await expect(late.set('key', 1)).rejects.toMatchObject({ cause: { code: 'ERR_DISKCACHE_TIMEOUT' } })
  expect(performance.now() - began).toBeLessThan(15_000)
  await holder[Symbol.asyncDispose]()
  expect(await late.set('key', 1)).toBe(true)
  expect(await late.getMany(['key'])).toEqual([1])
})

test.for([
  [{ size: 1 }, "unknown option 'size'"],
  [{ prefix: 1 }, 'Cannot use prefix: expected a string, got 1'],
  [{ cache: { size: 1 } }, "unknown option 'size'"],
  [{ cache: { sizeLimit: 'x' } }, "Cannot use sizeLimit: expected a number, got 'x'"],
  [{ cache: { evictionPolicy: 'x' } }, "Cannot use evictionPolicy: expected one of 's3-fifo'"],
] as const)(
  'a directory that cannot be made excuses no illegal options: %o',
  ([options, message], { blocked }) => {
    expect(() => createCacheHandler(blocked, options as object)).toThrow(message)
    expect(() => createUseCacheHandler(blocked, options as object)).toThrow(message)
  },
)

test('an illegal path is an error at once', () => {
  for (const path of ['', 'a\0b']) expect(() => createCacheHandler(path)).toThrow(/directory|null bytes/)
})

/** Changes the version in the header of the database in a directory, and returns the one before. */
function changeVersion(path: string, version: number): number {
  const file = openSync(join(path, 'cache.db'), 'r+')
  const bytes = Buffer.alloc(4)
  readSync(file, bytes, 0, 4, USER_VERSION)
  const before = bytes.readUInt32BE()
  bytes.writeUInt32BE(version)
  writeSync(file, bytes, 0, 4, USER_VERSION)
  closeSync(file)
  return before
}
