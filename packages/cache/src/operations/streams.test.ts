import { readdirSync } from 'node:fs'
import { Readable } from 'node:stream'
import { buffer, text } from 'node:stream/consumers'
import { setImmediate as turn } from 'node:timers/promises'
import { describe, expect } from 'vitest'
import { cacheTest, LARGE, loseFiles, valueFiles } from '../../tests/cache-test.ts'

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
