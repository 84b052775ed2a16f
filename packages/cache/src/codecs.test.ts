import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { Disk, EncryptedDisk, JSONDisk, type Key, Mode } from '@diskcache/core'
import { directoryTest as test } from '@diskcache/testkit'
import Database from 'better-sqlite3'
import { describe, expect } from 'vitest'
import { LARGE, valueFiles } from '../tests/cache-test.ts'
import { Cache } from './cache.ts'

const [OLD, NEW, ENTRY] = [Buffer.alloc(32, 1), Buffer.alloc(32, 2), Buffer.alloc(32, 3)]
const LINES = 'a line of text\n'.repeat(500)

async function textOf(stream: Readable | undefined): Promise<string> {
  return Buffer.concat(await (stream as Readable).toArray()).toString()
}

/** All bytes that stand in a directory, with the log. */
function bytesIn(directory: string): Buffer {
  const entries = readdirSync(directory, { recursive: true, withFileTypes: true })
  return Buffer.concat(
    entries
      .filter((entry) => entry.isFile())
      .map(({ parentPath, name }) => readFileSync(join(parentPath, name))),
  )
}

/** Changes a directory behind its back, as somebody who can write there. */
function tamper(directory: string, sql: string): void {
  const database = new Database(join(directory, 'cache.db'))
  database.exec(sql)
  database.close()
}

describe('Cache with a codec that is made', () => {
  test('takes it in place of its class', ({ directory }) => {
    using cache = new Cache(directory, { disk: new JSONDisk() })
    cache.set('key', [1])
    expect(() => new Cache(directory, { disk: new Disk() })).toThrow(/written with 'json'/)
    using other = new Cache(directory, { disk: JSONDisk })
    expect(other.get('key')).toEqual([1])
  })

  test('refuses classes beside it, which its constructor takes', ({ directory }) => {
    expect(() => new Cache(directory, { disk: new Disk(), classes: {} })).toThrow(/to its constructor/)
    for (const disk of [{}, 'Disk', () => {}, null])
      expect(() => new Cache(directory, { disk: disk as never })).toThrow(TypeError)
    class Nameless extends Disk {}
    expect(() => new Cache(directory, { disk: new Nameless() })).toThrow(/codec name of its own/)
  })
})

describe('Cache with compression', () => {
  const disk = new Disk({ compression: { minBytes: 100 } })

  test('shares its directory with a cache without', async ({ directory }) => {
    using cache = new Cache(directory, { disk })
    using plain = new Cache(directory)
    const large = LINES.repeat(1_000)
    cache.set('text', LINES)
    cache.set('large', Buffer.from(large))
    plain.set('plain', LINES)
    for (const either of [cache, plain]) {
      expect([either.get('text'), either.get('plain')]).toEqual([LINES, LINES])
      expect(String(either.get('large'))).toBe(large)
      expect(await textOf(either.read('large', { start: 15, end: 29 }))).toBe('a line of text')
      expect([...either.values()]).toHaveLength(3)
    }
    expect(await plain.promises.getMany(['text', 'plain'])).toEqual([LINES, LINES])
    expect(cache.volume()).toBeLessThan(large.length / 2)
  })

  test('leaves streams as they are', async ({ directory }) => {
    using cache = new Cache(directory, { disk })
    await cache.write('stream', Readable.from([LINES]))
    expect(readFileSync(join(directory, valueFiles(cache)[0] as string), 'utf8')).toBe(LINES)
  })

  test('keeps a compressed value in a file when it is long enough for one', ({ directory }) => {
    using cache = new Cache(directory, { disk, minFileSize: 10 })
    cache.set('text', LINES)
    expect(valueFiles(cache)).toHaveLength(1)
    expect(cache.get('text')).toBe(LINES)
    expect(cache.check()).toEqual([])
  })
})

describe('Cache with an EncryptedDisk', () => {
  const disk = new EncryptedDisk({ keys: [NEW] })

  test('leaves nothing of values in the directory', async ({ directory }) => {
    using cache = new Cache(directory, { disk, memory: { maxBytes: 2 ** 20 } })
    const secret = 'a secret that is looked for'
    cache.set('short', secret)
    cache.set('object', { secret })
    cache.set('large', secret.repeat(5_000))
    cache.push(secret)
    await cache.promises.setMany([['many', secret]])
    await cache.write('stream', Readable.from([secret, secret]))
    await cache.promises.write('large stream', Readable.from([secret.repeat(5_000)]))
    expect(bytesIn(directory).includes('secret')).toBe(false)
    expect(cache.get('object')).toEqual({ secret })
    expect(String(cache.get('stream'))).toBe(secret + secret)
    expect(await textOf(await cache.promises.read('large stream', { start: 2, end: 8 }))).toBe('secret')
    expect(cache.pull()?.value).toBe(secret)
    expect(bytesIn(directory).includes('large stream')).toBe(true)
  })

  test('counts, and takes a stream that is too large for one that is not stored', async ({ directory }) => {
    using cache = new Cache(directory, { disk, sizeLimit: 10_000 })
    expect([cache.incr('n'), cache.incr('n', 4), cache.get('n')]).toEqual([1, 5, 5])
    cache.set('stream', 'before')
    const endless = Readable.from(Array.from({ length: 20 }, () => Buffer.alloc(1_000)))
    expect(await cache.write('stream', endless)).toBe(false)
    expect(cache.has('stream')).toBe(false)
    const failing = Readable.from(
      (async function* () {
        yield 'part'
        throw new Error('broken off')
      })(),
    )
    await expect(cache.write('stream', failing)).rejects.toThrow('broken off')
    expect(cache.check()).toEqual([])
  })

  test('is not opened by another codec, nor with a directory of one', ({ directory }) => {
    new Cache(directory, { disk }).close()
    expect(() => new Cache(directory)).toThrow(/written with 'encrypted'/)
    expect(() => new Cache(join(directory, 'other'), { disk: EncryptedDisk as never })).toThrow(TypeError)
  })
})

describe('Cache with an EncryptedDisk and values of other keys', () => {
  const disk = new EncryptedDisk({ keys: [NEW] })

  test('a value of an unknown key is an error, and stays until the key is there', async ({ directory }) => {
    using first = new Cache<string, unknown>(directory, { disk: new EncryptedDisk({ keys: [OLD] }) })
    first.set('key', 'value')
    first.set('large', LARGE)
    using mistaken = new Cache(directory, { disk })
    const failure = { code: 'ERR_DISKCACHE_FORMAT', key: 'large' }
    expect(() => mistaken.get('large')).toThrow(expect.objectContaining(failure))
    await expect(mistaken.promises.get('large')).rejects.toMatchObject(failure)
    expect(() => mistaken.read('large')).toThrow(/Cannot read the value of 'large'.*add it/)
    using rotated = new Cache(directory, { disk: new EncryptedDisk({ keys: [NEW, OLD] }) })
    expect([rotated.get('key'), rotated.get('large')]).toEqual(['value', LARGE])
    mistaken.set('key', 'replaced')
    expect(rotated.get('key')).toBe('replaced')
    expect(() => first.get('key')).toThrow(expect.objectContaining({ code: 'ERR_DISKCACHE_FORMAT' }))
  })

  test('pop loses nothing that it cannot decode', async ({ directory }) => {
    using first = new Cache<string, unknown>(directory, { disk: new EncryptedDisk({ keys: [OLD] }) })
    using mistaken = new Cache<string, unknown>(directory, { disk })
    const refused = { code: 'ERR_DISKCACHE_FORMAT' }
    for (const value of ['short', LARGE]) {
      first.set('key', value)
      expect(() => mistaken.pop('key')).toThrow(expect.objectContaining(refused))
      await expect(mistaken.promises.pop('key')).rejects.toMatchObject(refused)
      await expect(mistaken.promises.popEntry('key')).rejects.toMatchObject(refused)
      const inTurn = [first.promises.set('key', value), mistaken.promises.touch('key', { ttl: 1e6 })]
      await expect(mistaken.promises.pop('key')).rejects.toMatchObject(refused)
      await Promise.all(inTurn)
      expect(await first.promises.pop('key')).toEqual(value)
    }
    expect([first.size, valueFiles(first)]).toEqual([0, []])
  })

  test('promises.pop of a file takes what was there before what is asked for after it', async ({
    directory,
  }) => {
    using cache = new Cache<string, unknown>(directory, { disk })
    cache.set('key', LARGE)
    const popped = cache.promises.pop('key')
    const isSet = cache.promises.set('key', 'later')
    expect([await popped, await isSet]).toEqual([LARGE, true])
    expect(cache.get('key')).toBe('later')
  })

  test("unknownKey: 'miss' lets go of what an old key has encrypted", ({ directory }) => {
    using first = new Cache(directory, { disk: new EncryptedDisk({ keys: [OLD] }) })
    first.set('key', LARGE)
    using cache = new Cache(directory, { disk: new EncryptedDisk({ keys: [NEW], unknownKey: 'miss' }) })
    expect(cache.get('key')).toBe(undefined)
    expect(cache.size).toBe(0)
    expect(valueFiles(cache)).toEqual([])
  })
})

describe('Cache with an EncryptedDisk in a directory that others change', () => {
  const disk = new EncryptedDisk({ keys: [NEW] })

  test('what is not encrypted is a miss, whatever its mode', ({ directory }) => {
    using cache = new Cache(directory, { disk, checksums: false })
    for (const mode of Object.values(Mode)) {
      if (mode === Mode.pickle) continue
      cache.set('key', 'value')
      tamper(directory, `UPDATE Cache SET mode = ${mode}, value = CAST('forged' AS BLOB)`)
      expect(cache.get('key')).toBe(undefined)
      cache.set('key', 'value')
      tamper(directory, `UPDATE Cache SET mode = ${mode}, value = 'forged'`)
      expect(cache.get('key')).toBe(undefined)
    }
  })

  test('bits that change are a miss, also without checksums', ({ directory }) => {
    using cache = new Cache(directory, { disk, checksums: false })
    for (const change of ["substr(value, 1, 30) || x'00' || substr(value, 32)", 'substr(value, 1, 40)']) {
      cache.set('key', 'x'.repeat(100))
      tamper(directory, `UPDATE Cache SET value = CAST(${change} AS BLOB)`)
      expect(cache.get('key')).toBe(undefined)
    }
  })
})

describe('Cache with an EncryptedDisk with entryKey', () => {
  const disk = new EncryptedDisk({ keys: [NEW], entryKey: ENTRY })
  const KEYS: readonly Key[] = ['ada@example.org', 7, ['user', 'ada@example.org'], Buffer.from('ada@')]

  test('finds and lists entries whose keys nobody reads', async ({ directory }) => {
    using cache = new Cache(directory, { disk, memory: { maxBytes: 2 ** 20 } })
    for (const key of KEYS) cache.set(key, String(key))
    for (const key of KEYS) expect([cache.get(key), cache.get(key)]).toEqual([String(key), String(key)])
    expect([...cache.keys()]).toEqual(KEYS)
    expect(await Array.fromAsync(cache.promises.keys())).toEqual(KEYS)
    expect(bytesIn(directory).includes('ada@')).toBe(false)
    expect(cache.rename('ada@example.org', 'ada')).toBe(true)
    expect([cache.get('ada'), cache.delete('ada'), cache.delete(7), cache.size]).toEqual([
      'ada@example.org',
      true,
      true,
      2,
    ])
    cache.push('item')
    expect(cache.get(500_000_000_000_000)).toBe('item')
  })

  test('refuses prefixes of keys', async ({ directory }) => {
    using cache = new Cache(directory, { disk })
    expect(() => [...cache.keys({ prefix: 'a' })]).toThrow(/Cannot use prefix: the codec encrypts keys/)
    expect(() => cache.clear({ prefix: 'a' })).toThrow(TypeError)
    expect(() => cache.push('item', { prefix: 'a' })).toThrow(TypeError)
    expect(() => cache.promises.keys({ prefix: 'a' })).toThrow(TypeError)
    await expect(cache.promises.clear({ prefix: 'a' })).rejects.toThrow(TypeError)
    expect(() => cache.namespace('users')).toThrow(/Cannot use a namespace: the codec encrypts keys/)
    expect(() => cache.promises.namespace('users')).toThrow(TypeError)
  })

  test('a key of another secret is an error with a way out', ({ directory }) => {
    using cache = new Cache(directory, { disk })
    cache.set('key', 'value')
    using other = new Cache(directory, { disk: new EncryptedDisk({ keys: [NEW], entryKey: NEW }) })
    expect(other.get('key')).toBe(undefined)
    expect(() => [...other.keys()]).toThrow(expect.objectContaining({ code: 'ERR_DISKCACHE_FORMAT' }))
    expect(other.clear()).toBe(1)
  })
})
