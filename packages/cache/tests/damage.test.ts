import { type ChildProcessByStdio, spawn } from 'node:child_process'
import { channel } from 'node:diagnostics_channel'
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { Readable, Writable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import { hasCode } from '@diskcache/core'
import { test as baseTest, describe, expect } from 'vitest'
import { Cache } from '../src/cache.ts'
import { damage, ENTRIES, fill, overwrite, PAGE, randomFrom } from './damage/damaged-database.ts'
import { craft } from './hostile/raw-database.ts'
import { missingPython, PythonPeer } from './python/peer.ts'

interface Event {
  readonly store: string
  readonly reason: string
  readonly copy?: string
}

const test = baseTest.extend<{ directory: string; events: Event[] }>({
  // biome-ignore lint/correctness/noEmptyPattern: vitest requires a destructured first argument
  directory: async ({}, use) => {
    const directory = mkdtempSync(join(tmpdir(), 'diskcache-damage-'))
    await use(directory)
    rmSync(directory, { recursive: true, force: true })
  },
  // biome-ignore lint/correctness/noEmptyPattern: vitest requires a destructured first argument
  events: async ({}, use) => {
    const events: Event[] = []
    const note = (message: unknown) => events.push(message as Event)
    channel('diskcache:damage').subscribe(note)
    await use(events)
    channel('diskcache:damage').unsubscribe(note)
  },
})

const reasons = (events: readonly Event[]) => [...new Set(events.map(({ reason }) => reason))]

const LEAF_OF_INDEX = 10
const LEAF_OF_TABLE = 13

/** Returns where the pages of a kind begin. */
function pagesOf(bytes: Buffer, kind: number): number[] {
  const starts = Array.from({ length: bytes.length / PAGE }, (_, page) => page * PAGE)
  return starts.filter((start) => bytes[start] === kind)
}

/** Damages every page but the first, which only the next use of the entries meets. */
function ruinPages(directory: string): void {
  damage(directory, (bytes) => bytes.fill(0xa7, PAGE))
}

/** Changes some bytes of what defines the table of entries, which then still has its length. */
function scribble(bytes: Buffer): Buffer {
  for (const name of ['access_time', 'filename']) bytes.write('z\x07zz#', bytes.lastIndexOf(name), 'latin1')
  return bytes
}

/** Makes bytes of what defines the table of settings: the last bit of its type says whether it is a text. */
function asBytes(bytes: Buffer): Buffer {
  // The type of the last column stands right before the first one.
  const at = bytes.lastIndexOf('tableSettingsSettings') - 1
  bytes[at] = (bytes[at] as number) - 1
  return bytes
}

/** Uses a cache, so that every page is met, and returns the errors. */
function exercise(cache: Cache): unknown[] {
  const errors: unknown[] = []
  const attempt = (operation: () => unknown) => {
    try {
      operation()
    } catch (error) {
      errors.push(error)
    }
  }
  for (let i = 0; i < ENTRIES; i++) attempt(() => cache.get(`key-${i}`))
  for (let i = 0; i < ENTRIES; i += 5) attempt(() => cache.set(`key-${i}`, 'new'))
  attempt(() => cache.push('item'))
  attempt(() => cache.pull())
  attempt(() => cache.incr('counter'))
  attempt(() => cache.evict('tag-1'))
  attempt(() => cache.getMany(['key-1', 'key-2']))
  attempt(() => cache.size)
  for (let i = 0; i < ENTRIES; i += 7) attempt(() => cache.delete(`key-${i}`))
  return errors
}

function serves(cache: Cache): boolean {
  const entries = Array.from({ length: 50 }, (_, i) => [`first-${i}`, i] as const)
  for (const [key, value] of entries) cache.set(key, value)
  return entries.every(([key, value]) => cache.get(key) === value)
}

function expectServes(cache: Cache): void {
  for (let i = 0; i < 50; i++) expect(cache.set(`fresh-${i}`, i)).toBe(true)
  for (let i = 0; i < 50; i++) expect(cache.get(`fresh-${i}`)).toBe(i)
}

describe('A damaged database', () => {
  const cases: { what: string; change(bytes: Buffer): Buffer | undefined }[] = [
    { what: 'is no page but the first', change: (bytes) => bytes.fill(0xa7, PAGE) },
    { what: 'has a first page of zeros', change: (bytes) => bytes.fill(0, 0, PAGE) },
    { what: 'has a first page of noise', change: (bytes) => bytes.fill(0xa7, 0, PAGE) },
    { what: 'has no schema', change: (bytes) => bytes.fill(0xa7, 100, PAGE) },
    { what: 'is cut in the middle', change: (bytes) => bytes.subarray(0, bytes.length >> 1) },
    { what: 'is cut to 16 bytes', change: (bytes) => bytes.subarray(0, 16) },
    { what: 'has other bytes in the text of its table', change: scribble },
    { what: 'has bytes in the place of the text of its settings', change: asBytes },
    { what: 'lacks its last byte', change: (bytes) => bytes.subarray(0, -1) },
  ]

  test.for(cases)(
    'that $what is mended by use, and taken into use by itself',
    ({ change }, { directory }) => {
      fill(directory)
      damage(directory, change)
      using cache = new Cache(directory)
      expect(exercise(cache)).toEqual([])
      expectServes(cache)
      cache.check({ fix: true })
      expect(cache.check()).toEqual([])
    },
  )

  const places = [0, 5, 15, 16, 17, 18, 19, 20, 21, 22, 23, 28, 47, 62]
  test.for([...places.map((at) => [at, 2] as const), [18, 8], [19, 8], [60, 0x40], [61, 0xff]] as const)(
    'with byte %i of its header changed by %i keeps its entries',
    ([at, bits], { directory }) => {
      fill(directory)
      damage(directory, (bytes) => {
        bytes[at] = (bytes[at] as number) ^ bits
        return bytes
      })
      using cache = new Cache(directory)
      if (at !== 62) expect(cache.get('key-7')).toEqual({ i: 7, text: 'x'.repeat(7) })
      expectServes(cache)
    },
  )

  test('whose indexes alone are damaged keeps its entries', ({ directory, events }) => {
    fill(directory)
    damage(directory, (bytes) => {
      const pages = pagesOf(bytes, LEAF_OF_INDEX).filter((start) => bytes.includes('key-', start, 'latin1'))
      for (const start of pages) bytes.fill(0xa7, start, start + PAGE)
      return bytes
    })
    using cache = new Cache(directory)
    expect(Array.from({ length: ENTRIES }, (_, i) => cache.has(`key-${i}`))).not.toContain(false)
    expect(events.at(-1)).toMatchObject({ reason: 'reset', kept: ENTRIES + 10 })
    expect(cache.check()).toEqual([])
  })
})

describe('A database that is made anew', () => {
  test('keeps the settings of the directory', ({ directory }) => {
    new Cache(directory, { sizeLimit: 12_345_678, evictionPolicy: 'least-frequently-used' }).close()
    fill(directory)
    const root = rootPage(directory, 'Cache')
    damage(directory, (bytes) => bytes.fill(0xa7, (root - 1) * PAGE, root * PAGE))
    using cache = new Cache(directory)
    exercise(cache)
    expect(cache.settings).toMatchObject({ sizeLimit: 12_345_678, evictionPolicy: 'least-frequently-used' })
  })

  test('is copied aside; the newest three copies stay', ({ directory, events }) => {
    fill(directory)
    for (let i = 0; i < 5; i++) {
      ruinPages(directory)
      using cache = new Cache(directory)
      exercise(cache)
      for (let n = 0; n < ENTRIES; n++) cache.set(`key-${n}`, 'x'.repeat(100))
    }
    const copies = readdirSync(directory).filter((name) => /^cache\.db-damaged-\d+$/.test(name))
    expect(copies).toHaveLength(3)
    expect(existsSync(events.findLast(({ reason }) => reason === 'reset')?.copy as string)).toBe(true)
  })
})

describe('A damaged file', () => {
  test('is left alone when it is no database at all', ({ directory }) => {
    writeFileSync(join(directory, 'cache.db'), 'a text '.repeat(1_000))
    expect(() => new Cache(directory)).toThrow(expect.objectContaining({ code: 'ERR_DISKCACHE_CORRUPT' }))
    expect(readdirSync(directory)).toEqual(['cache.db'])
  })

  test("is not made anew with onCorrupt: 'throw'", ({ directory, events }) => {
    fill(directory)
    damage(directory, (bytes) => {
      const pages = pagesOf(bytes, LEAF_OF_TABLE).filter((start) =>
        bytes.subarray(start, start + PAGE).includes('key-'),
      )
      for (const start of pages.slice(3)) bytes.fill(0xa7, start, start + PAGE)
      return bytes
    })
    using cache = new Cache(directory, { onCorrupt: 'throw' })
    expect(exercise(cache)).toContainEqual(expect.objectContaining({ code: 'ERR_DISKCACHE_CORRUPT' }))
    expect(reasons(events)).not.toContain('reset')
  })

  test('fails a transaction that is under way, and serves afterwards', ({ directory }) => {
    fill(directory)
    ruinPages(directory)
    using cache = new Cache(directory)
    let runs = 0
    const body = () => {
      runs++
      cache.set('a', 1)
      return cache.get('key-3')
    }
    let failures = 0
    for (let i = 0; i < 5; i++) {
      try {
        cache.transact(body)
      } catch (error) {
        expect(hasCode(error, 'ERR_DISKCACHE_CORRUPT')).toBe(true)
        failures++
      }
    }
    expect([runs, failures]).toEqual([5, expect.any(Number)])
    expect(failures).toBeLessThan(5)
    expect(cache.get('a')).toBe(1)
  })

  test('is mended by the promise face, too', async ({ directory }) => {
    fill(directory)
    ruinPages(directory)
    await using cache = new Cache(directory).promises
    const reads = Array.from({ length: 100 }, (_, i) => cache.get(`key-${i}`))
    const writes = Array.from({ length: 100 }, (_, i) => cache.set(`fresh-${i}`, i))
    await Promise.all(reads)
    expect(await Promise.all(writes)).not.toContain(false)
    expect(await cache.get('fresh-99')).toBe(99)
    expect(await cache.check()).toEqual([])
  })
})

test('A database with random damage always serves again, and every error has a code', ({ directory }) => {
  const seed = Math.floor(Math.random() * 2 ** 31)
  for (let trial = 0; trial < 40; trial++) {
    const store = join(directory, String(trial))
    const random = randomFrom(seed + trial)
    fill(store)
    damage(store, (bytes) => {
      for (let flips = 1 + (trial % 8); flips > 0; flips--) {
        const at = Math.floor(random() * bytes.length)
        bytes[at] = (bytes[at] as number) ^ (1 << Math.floor(random() * 8))
      }
      return bytes
    })
    using cache = new Cache(store)
    for (const error of exercise(cache)) {
      expect((error as { code?: unknown }).code, `seed ${seed + trial}: ${error}`).toMatch(/^ERR_DISKCACHE_/)
    }
    // What is written first may come to stand in a page that is damaged, and is then the last thing to be lost.
    if (!serves(cache)) expectServes(cache)
  }
})

describe('While one process makes a database anew', () => {
  test('another goes on with the same file', async ({ directory }) => {
    fill(directory)
    await using other = await OtherProcess.start(directory)
    expect(await other.ask('set')).toBe('true')
    // Written while the other process has it open: a descriptor that is closed here is none of its own.
    overwrite(directory, PAGE, Buffer.alloc(PAGE * 30, 0xa7))
    using cache = new Cache(directory)
    exercise(cache)
    cache.set('ours', 1)
    await expect.poll(() => other.ask('get')).toBe('1')
    expect(await other.ask('set')).toBe('true')
    expect(cache.get('theirs')).toBe('value')
    expect(cache.check()).toEqual([])
  })

  test.skipIf(missingPython() !== undefined)('Python goes on with the same file', async ({ directory }) => {
    fill(directory)
    using python = new PythonPeer()
    const theirs = await python.open(directory)
    await theirs.set('before', 1)
    overwrite(directory, PAGE, Buffer.alloc(PAGE * 30, 0xa7))
    using cache = new Cache(directory)
    exercise(cache)
    cache.set('ours', 'value')
    expect(await theirs.get('ours')).toBe('value')
    await theirs.set('theirs', 'value')
    expect(cache.get('theirs')).toBe('value')
    await theirs.close()
    expect(cache.check()).toMatchObject([{ kind: 'unverified' }])
  })
})

function rootPage(directory: string, name: string): number {
  let root = 0
  craft(directory, (database) => {
    const [row] = database.prepare('SELECT rootpage FROM sqlite_schema WHERE name = ?').all(name)
    root = (row as { rootpage: number }).rootpage
  })
  return root
}

/** A process that has a cache open, and does what it is asked. */
class OtherProcess {
  readonly #process: ChildProcessByStdio<Writable, Readable, null>
  readonly #lines: AsyncIterator<string>

  private constructor(directory: string) {
    const program = fileURLToPath(new URL('./damage/other-process.ts', import.meta.url))
    // A test runner's settings for Node are not meant for its children.
    const env = { ...process.env, NODE_OPTIONS: '' }
    this.#process = spawn(process.execPath, [program, directory], { stdio: ['pipe', 'pipe', 'inherit'], env })
    this.#lines = createInterface(this.#process.stdout)[Symbol.asyncIterator]()
  }

  static async start(directory: string): Promise<OtherProcess> {
    const other = new OtherProcess(directory)
    await other.#lines.next()
    return other
  }

  async ask(command: 'get' | 'set'): Promise<string> {
    this.#process.stdin.write(`${command}\n`)
    return (await this.#lines.next()).value
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const ended = new Promise((resolve) => this.#process.once('close', resolve))
    this.#process.stdin.end()
    await ended
  }
}
