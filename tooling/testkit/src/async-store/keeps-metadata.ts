import { randomBytes } from 'node:crypto'
import { expect } from 'vitest'
import { BODY_LENGTHS, inChunks, METADATA, stampedWrite } from '../streams/metadata-cases.ts'
import type { AsyncStoreSuite } from './async-store-suite.ts'

/** The writes of one key that race with reads of it. */
const WRITES = 40

/** Tests that `write()` keeps `metadata` beside the bytes, and that both are always of one write. */
export function keepsMetadata(suite: AsyncStoreSuite): void {
  keepsEachKind(suite)
  keepsThemWithTheValue(suite)
  refusesWhatIsNone(suite)
  readsOneWrite(suite)
}

const bytes = Buffer.from('<p>Hello</p>')

function keepsEachKind({ name, test: anyTest, capabilities }: AsyncStoreSuite): void {
  const test = anyTest.runIf(capabilities.streams)

  test.for(BODY_LENGTHS)(`${name}: write() keeps metadata beside %i bytes`, async (length, { store }) => {
    const body = Buffer.alloc(length, 'body')
    for (const [what, metadata] of METADATA) {
      expect(await store.write('key', inChunks(body), { metadata, tag: 'page' }), what).toBe(true)
      const expected = { expireTime: null, tags: ['page'], metadata }
      expect(await store.getEntry('key'), what).toEqual({ value: body, ...expected })
      const { stream, ...rest } = (await store.readEntry('key'))!
      expect(rest, what).toEqual({ size: length, ...expected })
      expect(Buffer.concat(await stream.toArray()).equals(body), what).toBe(true)
    }
    expect(await store.check()).toEqual([])
  })

  test(`${name}: metadata come with an entry, whatever gives it`, async ({ store }) => {
    const metadata = { type: 'text/html' }
    await store.write('key', inChunks(bytes), { metadata })
    const entry = { value: bytes, expireTime: null, tags: [], metadata }
    expect(await store.getEntries(['missing', 'key'])).toEqual([undefined, entry])
    let seen: unknown
    await store.update('key', (before) => {
      seen = before
      return { keep: true }
    })
    expect(seen).toEqual(entry)
    expect(await store.get('key')).toEqual(bytes)
    expect(await store.popEntry('key')).toEqual(entry)
    expect(await store.getEntry('key')).toBeUndefined()
  })

  test(`${name}: readEntry() has no metadata where none were written`, async ({ store }) => {
    await store.write('written', inChunks(bytes), { metadata: undefined })
    await store.set('set', bytes.toString(), { tag: 'page', ttl: Infinity })
    for (const key of ['written', 'set']) {
      const { stream, ...rest } = (await store.readEntry(key, { start: 3, end: 8 }))!
      expect(rest).toEqual({ size: 12, expireTime: null, tags: key === 'set' ? ['page'] : [] })
      expect(rest).not.toHaveProperty('metadata')
      expect(Buffer.concat(await stream.toArray()).toString()).toBe('Hello')
      expect(await store.getEntry(key)).not.toHaveProperty('metadata')
    }
    expect(await store.readEntry('missing')).toBeUndefined()
    await store.set('object', { a: 1 })
    await expect(store.readEntry('object')).rejects.toThrow(TypeError)
  })
}

function keepsThemWithTheValue({ name, test: anyTest, capabilities }: AsyncStoreSuite): void {
  const test = anyTest.runIf(capabilities.streams)

  test(`${name}: metadata stay with a touch, and go with another value`, async ({ store }) => {
    const replacements: ((key: string) => Promise<unknown>)[] = [
      (key) => store.set(key, 'new'),
      (key) => store.set(key, Buffer.alloc(100_000)),
      (key) => store.setMany([[key, 'new']]),
      (key) => store.write(key, inChunks(bytes)),
      (key) => store.update(key, () => ({ set: 'new' })),
    ]
    for (const [i, replace] of replacements.entries()) {
      const key = `key ${i}`
      await store.write(key, inChunks(bytes), { metadata: i })
      expect(await store.touch(key, { ttl: 60_000 })).toBe(true)
      expect(await store.getEntry(key)).toMatchObject({ value: bytes, metadata: i })
      await replace(key)
      expect(await store.getEntry(key)).not.toHaveProperty('metadata')
    }
  })

  test(`${name}: evict() and iteration find entries with metadata by their tags`, async ({ store }) => {
    const metadata = { large: 'x'.repeat(2_000) }
    await store.write('plain', inChunks(bytes), { metadata })
    await store.write('one', inChunks(bytes), { metadata, tag: 'a' })
    await store.write('two', inChunks(bytes), { metadata, tag: ['b', 'a'] })
    const keysOf = async (tag: string) => (await Array.fromAsync(store.keys({ tag }))).sort()
    expect([await keysOf('a'), await keysOf('b'), await keysOf('M')]).toEqual([['one', 'two'], ['two'], []])
    expect(await Array.fromAsync(store.keys({ untagged: true }))).toEqual(['plain'])
    expect([await store.evict('b'), await store.evict({ untagged: true })]).toEqual([1, 1])
    expect(await store.evict(['a', 'b'])).toBe(1)
  })
}

function refusesWhatIsNone({ name, test: anyTest, capabilities }: AsyncStoreSuite): void {
  const test = anyTest.runIf(capabilities.streams)

  test(`${name}: write() refuses metadata that cannot be kept, and changes nothing`, async ({ store }) => {
    await store.write('key', inChunks(bytes), { metadata: 1 })
    const write = (metadata: unknown) => store.write('key', inChunks(Buffer.from('new')), { metadata })
    await expect(write(randomBytes(65_537))).rejects.toThrow(/metadata: .*65536 bytes .*got 655\d\d; store/)
    await expect(write({ bytes: randomBytes(1e6) })).rejects.toThrow(RangeError)
    await expect(write({ call: () => {} })).rejects.toMatchObject({
      code: 'ERR_DISKCACHE_UNSUPPORTED_VALUE',
      message: expect.stringContaining('Cannot store metadata.call'),
    })
    await expect(store.set('key', 1, { metadata: 1 } as never)).rejects.toThrow(TypeError)
    await expect(store.write('key', inChunks(bytes), { metadat: 1 } as never)).rejects.toThrow(TypeError)
    expect(await store.getEntry('key')).toMatchObject({ value: bytes, metadata: 1 })
  })
}

function readsOneWrite({ name, test: anyTest, capabilities }: AsyncStoreSuite): void {
  const test = anyTest.runIf(capabilities.streams)

  test.for(BODY_LENGTHS.slice(1))(
    `${name}: readEntry() gives %i bytes and metadata of one write`,
    async (length, { store, reopen }) => {
      const other = reopen()
      const write = async (to: typeof store, numbers: number[]) => {
        for (const number of numbers) {
          const { body, metadata } = stampedWrite(number, length)
          await to.write('key', inChunks(body), { metadata })
        }
      }
      await write(store, [WRITES])
      const numbers = Array.from({ length: WRITES }, (_, i) => i)
      let isDone = false
      const writes = Promise.all([
        write(
          store,
          numbers.filter((i) => i % 2 === 0),
        ),
        write(
          other,
          numbers.filter((i) => i % 2 === 1),
        ),
      ]).finally(() => {
        isDone = true
      })
      while (!isDone) {
        const { stream, size, metadata } = (await store.readEntry('key'))!
        const { number } = metadata as { number: number }
        expect(size).toBe(length)
        expect(Buffer.concat(await stream.toArray()).equals(stampedWrite(number, length).body)).toBe(true)
        const entry = (await other.getEntry('key'))!
        const { body } = stampedWrite((entry.metadata as { number: number }).number, length)
        expect(body.equals(entry.value as Buffer)).toBe(true)
      }
      await writes
    },
  )
}
