import {
  cpSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { EncryptedDisk } from '@diskcache/core'
import { directoryTest as base } from '@diskcache/testkit'
import Database from 'better-sqlite3'
import { expect } from 'vitest'
import { LARGE, valueFiles } from '../tests/cache-test.ts'
import { expectSound } from '../tests/processes/soundness.ts'
import { Cache } from './cache.ts'
import { copyDirectory } from './copy-directory.ts'

/** A `test` with the directories of a cache and of its copy. */
const test = base.extend<{ source: string; target: string }>({
  source: async ({ directory }, use) => use(join(directory, 'source')),
  target: async ({ directory }, use) => use(join(directory, 'copy')),
})

/** Everything in a directory, with what would change if it were written to. */
function contentOf(directory: string) {
  return readdirSync(directory, { recursive: true, encoding: 'utf8' })
    .sort()
    .map((name) => {
      const { size, mtimeMs, ctimeMs, mode } = lstatSync(join(directory, name))
      return { name, size, mtimeMs, ctimeMs, mode }
    })
}

function fill(cache: Cache): void {
  cache.set('small', { n: 1 }, { tag: ['one', 'two'] })
  cache.set('large', LARGE)
  cache.set('bytes', Buffer.alloc(100_000, 7), { pin: true })
  for (let n = 0; n < 50; n++) cache.set(n, n % 2 === 0 ? LARGE + n : n)
}

test('copyDirectory() copies a directory that nobody has open, and leaves it as it was', async ({
  source,
  target,
  directory,
}) => {
  const cache = new Cache(source, { evictionPolicy: 'least-recently-used', sizeLimit: 1e8 })
  fill(cache)
  cache.close()
  const before = contentOf(source)
  const [copied] = await copyDirectory(source, target)
  expect(contentOf(source)).toEqual(before)
  expect(copied).toMatchObject({
    store: '.',
    entries: 53,
    files: 27,
    rounds: 1,
    tookLock: false,
    problems: [],
  })
  expect(readdirSync(directory).sort()).toEqual(['copy', 'source'])
  expectSound(target)
  using copy = new Cache(target)
  expect(copy.settings.evictionPolicy).toBe('least-recently-used')
  expect(copy.get('small')).toEqual({ n: 1 })
  expect(copy.getEntry('small')?.tags).toEqual(['one', 'two'])
  expect(copy.get(48)).toBe(`${LARGE}48`)
})

test('copyDirectory() copies what has not left the log, beside the cache that wrote it', async ({
  source,
  target,
}) => {
  using cache = new Cache(source)
  fill(cache)
  await copyDirectory(source, target)
  cache.set('later', 1)
  using copy = new Cache(target, { readonly: true })
  expect(copy.size).toBe(53)
  expect(copy.has('later')).toBe(false)
})

test('copyDirectory() leaves what a killed process has left as it was', async ({
  source,
  target,
  directory,
}) => {
  using cache = new Cache(join(directory, 'killed'))
  fill(cache)
  cpSync(cache.directory, source, { recursive: true })
  const index = () => readFileSync(join(source, 'cache.db-shm'))
  const before = [contentOf(source), index()]
  const [copied] = await copyDirectory(source, target)
  expect(copied).toMatchObject({ entries: 53, problems: [] })
  // Who has a file locked is told by Linux alone, and not in a container.
  if (isTold()) expect([contentOf(source), index()]).toEqual(before)
})

function isTold(): boolean {
  try {
    return readlinkSync('/proc/self/ns/pid') === 'pid:[4026531836]'
  } catch {
    return false
  }
}

test('copyDirectory() gives files and directories to this user alone', async ({ source, target }) => {
  using cache = new Cache(source, { mode: 0o770 })
  fill(cache)
  await copyDirectory(source, target)
  const modes = contentOf(target).map(({ name, mode }) => [name.includes('.') ? 0o600 : 0o700, mode & 0o777])
  for (const [expected, found] of modes) expect(found).toBe(expected)
})

test('copyDirectory() copies a directory of another codec, without its keys', async ({ source, target }) => {
  const disk = new EncryptedDisk({ keys: [Buffer.alloc(32, 1)] })
  using cache = new Cache(source, { disk })
  cache.set('key', LARGE)
  const [copied] = await copyDirectory(source, target)
  expect(copied?.problems).toEqual([])
  using copy = new Cache(target, { disk })
  expect(copy.get('key')).toBe(LARGE)
})

test('copyDirectory() leaves out what had lost its file, and says how many', async ({ source, target }) => {
  using cache = new Cache(source)
  fill(cache)
  for (const name of valueFiles(cache).slice(0, 3)) rmSync(join(source, name))
  const [copied] = await copyDirectory(source, target)
  expect(copied).toMatchObject({ damaged: 3, vanished: 0, entries: 50, files: 24, rounds: 1, problems: [] })
  expectSound(target)
})

test('copyDirectory() leaves out what changes all the time where it may not take the lock, and says how many', async ({
  source,
  target,
}) => {
  using cache = new Cache(source)
  fill(cache)
  let n = 0
  const onProgress = () => {
    // This thread cannot lock itself out.
    for (let key = 0; key < 50; key += 2) cache.set(key, LARGE + n++)
  }
  const [copied] = await copyDirectory(source, target, { onProgress })
  expect(copied?.tookLock).toBe(false)
  expect(copied?.vanished).toBeGreaterThan(0)
  expect(copied).toMatchObject({ damaged: 0, entries: 53 - copied!.vanished, problems: [] })
  expectSound(target)
})

test('copyDirectory() follows no link that stands in the place of a file', async ({
  source,
  target,
  directory,
}) => {
  using cache = new Cache(source)
  cache.set('key', LARGE)
  const secret = join(directory, 'secret')
  writeFileSync(secret, LARGE)
  const [name = ''] = valueFiles(cache)
  rmSync(join(source, name))
  symlinkSync(secret, join(source, name))
  expect(await copyDirectory(source, target)).toMatchObject([{ damaged: 1, entries: 0, files: 0 }])
  expect(contentOf(target).filter(({ name }) => name.endsWith('.val'))).toEqual([])
})

test('copyDirectory() tells of damage that it copies', async ({ source, target }) => {
  using cache = new Cache(source)
  cache.set('key', LARGE)
  const [name = ''] = valueFiles(cache)
  writeFileSync(join(source, name), LARGE.replace('x', 'y'))
  const [copied] = await copyDirectory(source, target)
  expect(copied?.problems).toMatchObject([{ kind: 'wrong-checksum' }])
  expect(await copyDirectory(source, `${target}2`, { check: false })).toMatchObject([{ problems: [] }])
})

test('copyDirectory() refuses what is no cache, or not there', async ({ source, target, directory }) => {
  await expect(copyDirectory(source, target)).rejects.toThrow(/not there/)
  mkdirSync(source)
  await expect(copyDirectory(source, target)).rejects.toMatchObject({ code: 'ERR_DISKCACHE_FORMAT' })
  new Database(join(source, 'cache.db')).exec('CREATE TABLE t (n)').close()
  await expect(copyDirectory(source, target)).rejects.toMatchObject({ code: 'ERR_DISKCACHE_FORMAT' })
  writeFileSync(join(source, 'cache.db'), '')
  await expect(copyDirectory(source, target)).rejects.toThrow(/holds no cache/)
  writeFileSync(join(source, 'cache.db'), 'x'.repeat(10_000))
  await expect(copyDirectory(source, target)).rejects.toMatchObject({
    code: 'ERR_DISKCACHE_CORRUPT',
    message: expect.stringContaining(join(source, 'cache.db')),
    path: join(source, 'cache.db'),
  })
  expect(readdirSync(directory)).toEqual(['source'])
})

test('copyDirectory() replaces nothing unless it is told, and then only a cache', async ({
  source,
  target,
  directory,
}) => {
  new Cache(source).close()
  mkdirSync(target)
  await expect(copyDirectory(source, target)).rejects.toThrow(/something is there already/)
  await expect(copyDirectory(source, target, { replace: true })).rejects.toThrow(/holds no cache/)
  await expect(copyDirectory(source, source, { replace: true })).rejects.toThrow(/inside the other/)
  await expect(copyDirectory(source, join(source, 'inner'))).rejects.toThrow(/inside the other/)
  await expect(copyDirectory(join(directory, 'source'), directory, { replace: true })).rejects.toThrow(
    /inside the other/,
  )
  rmSync(target, { recursive: true })
  new Cache(target).promises.set('old', 1)
  await copyDirectory(source, target, { replace: true })
  using copy = new Cache(target)
  expect(copy.size).toBe(0)
  expect(readdirSync(directory).sort()).toEqual(['copy', 'source'])
})

test('copyDirectory() replaces nothing that holds something else than a cache, and names it', async ({
  source,
  target,
}) => {
  new Cache(source).close()
  const refuses = async (message: RegExp) => {
    const before = contentOf(target)
    await expect(copyDirectory(source, target, { replace: true })).rejects.toThrow(message)
    expect(contentOf(target)).toEqual(before)
    rmSync(target, { recursive: true })
  }
  const put = (name: string, text = 'mine') => {
    mkdirSync(dirname(join(target, name)), { recursive: true })
    writeFileSync(join(target, name), text)
  }
  put('src/app.js')
  new Cache(join(target, 'cache', 'pages')).close()
  await refuses(/holds no cache; name another place/)
  put('cache.db')
  await refuses(/its cache\.db is not to be read as that of a cache/)
  for (const name of [
    'thesis.txt',
    'src/app.js',
    'ab/cd/notes.val',
    '000/mine',
    'index/one/mine',
    'cache.db-old',
  ]) {
    new Cache(target).close()
    put(name)
    await refuses(
      new RegExp(`it holds ${name.startsWith('src') ? 'src' : name}, which is no part of a cache`),
    )
  }
  mkdirSync(target)
  new Database(join(target, 'cache.db')).exec('CREATE TABLE t (n)').close()
  await refuses(/its cache\.db is not to be read/)
})

test('copyDirectory() leaves nothing behind when it is aborted, whatever it is doing', async ({
  source,
  target,
  directory,
}) => {
  using cache = new Cache(source)
  fill(cache)
  for (const phase of ['copying', 'checking', 'syncing']) {
    const controller = new AbortController()
    const onProgress = (step: { phase: string }) => {
      if (step.phase === phase) controller.abort(new Error('enough'))
    }
    const { signal } = controller
    await expect(copyDirectory(source, target, { signal, onProgress })).rejects.toThrow('enough')
    expect(readdirSync(directory)).toEqual(['source'])
  }
})

test('copyDirectory() lets the event loop turn, and others write, while it copies a large database', async ({
  source,
  target,
}) => {
  using cache = new Cache(source)
  cache.setMany(Array.from({ length: 20_000 }, (_, n) => [n, 'x'.repeat(1_000)]))
  let turns = 0
  const timer = setInterval(() => turns++, 1)
  await copyDirectory(source, target)
  clearInterval(timer)
  expect(turns).toBeGreaterThan(3)
  expect(readFileSync(join(target, 'cache.db')).length).toBeGreaterThan(20e6)
})

test('copyDirectory() refuses options that it does not know', async ({ source, target }) => {
  await expect(copyDirectory(source, target, { overwrite: true } as never)).rejects.toThrow(TypeError)
  await expect(copyDirectory(source, target, { replace: 1 } as never)).rejects.toThrow(TypeError)
  await expect(copyDirectory('', target)).rejects.toThrow(RangeError)
})
