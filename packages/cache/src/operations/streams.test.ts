import { type ReadStream, readdirSync } from 'node:fs'
import { Readable } from 'node:stream'
import { buffer, text } from 'node:stream/consumers'
import { setImmediate as turn } from 'node:timers/promises'
import { JSONDisk } from '@diskcache/core'
import { describe, expect, vi } from 'vitest'
import { cacheTest, LARGE, loseFiles, valueFiles } from '../../tests/cache-test.ts'
import { Cache } from '../cache.ts'

function openFiles(): number {
  return process.platform === 'linux' ? readdirSync('/proc/self/fd').length : 0
}

const test = cacheTest({ sizeLimit: 1_000_000 })

describe('write() with ttl 0', () => {
  test('leaves no file of what has expired from the start', async ({ store }) => {
    for (const face of [store, store.promises]) {
      store.set('key', 'before')
      expect(await face.write('key', Readable.from([Buffer.from(LARGE)]), { ttl: 0 })).toBe(true)
      expect(store.has('key')).toBe(false)
      expect(valueFiles(store)).toEqual([])
    }
  })
})

describe('write()', () => {
  test('stores the bytes of any kind of source', async ({ store }) => {
    const parts = [Buffer.from('one '), Buffer.from('two')]
    async function* generate() {
      yield* parts
    }
    expect(await store.write('readable', Readable.from(parts), { ttl: 1_000, tag: 't' })).toBe(true)
    expect(await store.write('web', new Blob(parts).stream())).toBe(true)
    expect(await store.write('generator', generate())).toBe(true)
    expect(await store.write('empty', Readable.from([]))).toBe(true)
    expect(store.getMany(['readable', 'web', 'generator'])).toEqual(Array(3).fill(Buffer.from('one two')))
    expect(store.get('empty')).toEqual(Buffer.alloc(0))
    expect(store.getEntry('readable')?.tags).toEqual(['t'])
  })

  test('changes nothing, and leaves no file, when the source fails', async ({ store }) => {
    store.set('key', 'before')
    async function* failing() {
      yield Buffer.from(LARGE)
      throw new Error('source failed')
    }
    await expect(store.write('key', failing())).rejects.toThrow('source failed')
    await expect(store.write('key', Readable.from([5]) as never)).rejects.toThrow(TypeError)
    await expect(store.write('key', 'text' as never)).rejects.toThrow(/source/)
    await expect(store.write('key', failing(), { ttl: -1 })).rejects.toThrow(RangeError)
    expect(store.get('key')).toBe('before')
    expect(valueFiles(store)).toEqual([])
  })

  test('stops a source that exceeds the size limit', async ({ store }) => {
    let chunks = 0
    let stopped = false
    async function* endless() {
      try {
        for (; ; chunks++) yield Buffer.alloc(100_000)
      } finally {
        stopped = true
      }
    }
    expect(await store.write('key', endless())).toBe(false)
    expect([chunks, stopped, valueFiles(store)]).toEqual([10, true, []])
    expect(readdirSync(store.directory).filter((name) => !name.startsWith('cache.db'))).toEqual([])
  })

  test.for(['synchronous', 'promise'] as const)(
    'is not acknowledged on the %s face when its file was swept while the writer slept',
    async (face, { store }) => {
      store.set('key', 'before')
      async function* sleepy() {
        yield Buffer.from('one')
        loseFiles(store)
      }
      const target = face === 'promise' ? store.promises : store
      await expect(target.write('key', sleepy())).rejects.toMatchObject({ code: 'ERR_DISKCACHE_IO' })
      expect(store.get('key')).toBe('before')
    },
  )

  test('leaves the errors of the source as they are', async ({ store }) => {
    const error = Object.assign(new Error('ENOSPC'), { code: 'ENOSPC', syscall: 'read' })
    async function* failing() {
      yield Buffer.from('one')
      throw error
    }
    await expect(store.write('key', failing())).rejects.toBe(error)
    await expect(store.promises.write('key', failing())).rejects.toBe(error)
  })

  test('gives up when the cache is closed meanwhile', async ({ store }) => {
    async function* slow() {
      yield Buffer.from('one')
      store.close()
      await turn()
      yield Buffer.from('two')
    }
    await expect(store.write('key', slow())).rejects.toMatchObject({ code: 'ERR_DISKCACHE_CLOSED' })
    expect(valueFiles(store)).toEqual([])
  })
})

describe('read()', () => {
  test('streams strings and bytes, inline or in files', async ({ store }) => {
    store.setMany([
      ['text', 'ü'],
      ['large', LARGE],
      ['bytes', Buffer.of(1, 2)],
      ['empty', ''],
    ])
    expect(await text(store.read('text') as Readable)).toBe('ü')
    expect(await text(store.read('large') as Readable)).toBe(LARGE)
    expect(await buffer(store.read('bytes') as Readable)).toEqual(Buffer.of(1, 2))
    expect(await text(store.read('empty') as Readable)).toBe('')
    expect(store.read('missing')).toBeUndefined()
  })

  test('goes on with what it opened when the value is replaced', async ({ store }) => {
    store.set('key', LARGE)
    const stream = store.read('key') as Readable
    store.set('key', 'replaced')
    expect(await text(stream)).toBe(LARGE)
  })

  test('reads nothing beside the part of a large value', async ({ directory }) => {
    using store = new Cache(directory)
    const value = Buffer.alloc(3_000_000, 'value')
    store.set('key', value)
    const stream = store.read('key', { start: 2_999_000, end: 2_999_500 }) as ReadStream
    expect(await buffer(stream)).toEqual(value.subarray(2_999_000, 2_999_500))
    expect(stream.bytesRead).toBe(500)
  })

  test('of a part closes its file, read or not, and of nothing, too', async ({ directory }) => {
    using store = new Cache(directory)
    store.set('key', Buffer.alloc(3_000_000))
    const before = openFiles()
    for (let i = 0; i < 20; i++) {
      await buffer(store.read('key', { start: 2_999_999 }) as Readable)
      await buffer(store.read('key', { start: 3_000_000 }) as Readable)
      store.read('key', { start: 1 })?.destroy()
      store.read('key', { start: 5, end: 5 })?.destroy()
    }
    await vi.waitFor(() => expect(openFiles()).toBe(before))
  })

  test('gives parts of values of a codec of its own', async ({ directory }) => {
    using store = new Cache(directory, { disk: JSONDisk })
    const value = 'ä'.repeat(1_000_000)
    store.set('text', value)
    await store.write('bytes', Readable.from([value]))
    for (const key of ['text', 'bytes'])
      expect(await text(store.read(key, { start: 1_999_996, end: 1_999_998 }) as Readable)).toBe('ä')
  })

  test('of a part counts as a read', async ({ store }) => {
    store.configure({ statistics: true })
    store.set('key', LARGE)
    for (const key of ['key', 'missing']) store.read(key, { start: 1 })
    expect(store.stats()).toMatchObject({ hits: 1, misses: 1 })
  })

  test('throws TypeError for a value that has no bytes', ({ store }) => {
    store.set('object', { a: 1 })
    expect(() => store.read('object')).toThrow(/neither bytes nor a string/)
  })

  test('misses when the file is gone, and removes the row', ({ store }) => {
    store.set('key', LARGE)
    loseFiles(store)
    expect(store.read('key')).toBeUndefined()
    expect(store.size).toBe(0)
  })
})
