import type { Readable } from 'node:stream'
import { Disk, EncryptedDisk } from '@diskcache/core'
import { describe, expect } from 'vitest'
import { describeRedis } from '../tests/servers/describe-redis.ts'
import { redisTest } from '../tests/servers/redis-test.ts'

const LINES = 'a line of text\n'.repeat(500)
const LARGE = Buffer.alloc(700_000, 'a secret')
const [OLD, NEW, ENTRY] = [Buffer.alloc(32, 1), Buffer.alloc(32, 2), Buffer.alloc(32, 3)]

async function bytesOf(stream: Readable | undefined): Promise<string> {
  return Buffer.concat(await (stream as Readable).toArray()).toString()
}

async function* partsOf(...parts: Uint8Array[]) {
  yield* parts
}

describeRedis('RedisStore with codecs', () => {
  const test = redisTest()

  test('compression is read by a store without', async ({ open, store }) => {
    const compressing = open({ disk: new Disk({ compression: { minBytes: 100 } }) })
    await compressing.set('text', LINES)
    await compressing.set('large', LARGE)
    await compressing.write('stream', partsOf(LARGE))
    expect(await store.getMany(['text', 'large', 'stream'])).toEqual([LINES, LARGE, LARGE])
    expect(await bytesOf(await store.read('large', { start: 8, end: 16 }))).toBe('a secret')
    expect(await store.incr('n')).toBe(1)
    expect(await compressing.incr('n')).toBe(2)
  })

  describe('an EncryptedDisk', () => {
    const disk = new EncryptedDisk({ keys: [NEW] })

    test('leaves no value to be read', async ({ open, store, client, prefix }) => {
      const encrypting = open({ disk })
      await encrypting.set('text', LINES)
      await encrypting.set('large', LARGE)
      expect(await encrypting.write('stream', partsOf(LARGE.subarray(0, 80), LARGE))).toBe(true)
      expect(await encrypting.getMany(['text', 'large'])).toEqual([LINES, LARGE])
      expect(await bytesOf(await encrypting.read('stream', { start: 72, end: 88 }))).toBe('a secreta secret')
      expect([await encrypting.incr('n'), await encrypting.incr('n', 4)]).toEqual([1, 5])
      await encrypting.update('text', (entry) => ({ set: [entry?.value] }))
      expect(await encrypting.get('text')).toEqual([LINES])
      const names = await client.keys(`${prefix}{*`)
      expect(names.length).toBeGreaterThan(4)
      await client.configSet('rdbcompression', 'no')
      for (const name of names)
        expect(String(await client.sendCommand(['DUMP', name]))).not.toMatch(/secret|line/)
      for (const key of ['text', 'large', 'stream', 'n'])
        await expect(store.get(key)).rejects.toMatchObject({ code: 'ERR_DISKCACHE_CORRUPT' })
      await store.write('stream', partsOf(LARGE))
      await store.set('text', LINES)
      await expect(encrypting.get('stream')).rejects.toMatchObject({ code: 'ERR_DISKCACHE_CORRUPT' })
      await expect(encrypting.read('stream')).rejects.toMatchObject({ code: 'ERR_DISKCACHE_CORRUPT' })
      await expect(encrypting.get('text')).rejects.toMatchObject({ code: 'ERR_DISKCACHE_CORRUPT' })
    })

    test('hides keys with entryKey', async ({ open, client }) => {
      const store = open({ disk: new EncryptedDisk({ keys: [NEW], entryKey: ENTRY }) })
      await store.set('ada@example.org', 1)
      expect(await Array.fromAsync(store.keys())).toEqual(['ada@example.org'])
      expect(String(await client.keys('*'))).not.toContain('example.org')
      await expect(Array.fromAsync(store.keys({ prefix: 'ada' }))).rejects.toThrow(/Cannot use prefix/)
      await expect(store.clear({ prefix: 'ada' })).rejects.toThrow(TypeError)
      expect(() => store.namespace('users')).toThrow(/Cannot use a namespace: the codec encrypts keys/)
      expect(await store.delete('ada@example.org')).toBe(true)
    })
  })
})

describeRedis('RedisStore with values of another key', () => {
  const test = redisTest()
  const disk = new EncryptedDisk({ keys: [NEW] })

  test('throws for an unknown key, until the entry is set anew', async ({ open }) => {
    const before = open({ disk: new EncryptedDisk({ keys: [OLD] }) })
    await before.set('key', 'value')
    const after = open({ disk })
    const failure = { code: 'ERR_DISKCACHE_FORMAT', key: 'key' }
    await expect(after.get('key')).rejects.toMatchObject(failure)
    await expect(Array.fromAsync(after.values())).rejects.toMatchObject(failure)
    await expect(after.update('key', () => ({ keep: true }))).rejects.toMatchObject(failure)
    await expect(after.pop('key')).rejects.toThrow(/Cannot read the value of 'key'/)
    expect(await open({ disk: new EncryptedDisk({ keys: [NEW, OLD] }) }).get('key')).toBe('value')
    await after.set('key', 'new')
    expect(await after.get('key')).toBe('new')
  })

  test('loses nothing where pop cannot decode a value', async ({ open }) => {
    const before = open({ disk: new EncryptedDisk({ keys: [OLD] }) })
    await before.setMany([
      ['short', 'value'],
      ['entry', 'value'],
      ['large', LARGE],
    ])
    const after = open({ disk })
    const refused = { code: 'ERR_DISKCACHE_FORMAT' }
    await expect(after.pop('short')).rejects.toMatchObject(refused)
    await expect(after.popEntry('entry')).rejects.toMatchObject(refused)
    await expect(after.pop('large')).rejects.toMatchObject(refused)
    expect(await before.pop('short')).toBe('value')
    expect((await before.popEntry('entry'))?.value).toBe('value')
    expect(await before.pop('large')).toEqual(LARGE)
    expect(await before.count()).toBe(0)
  })
})
