import { Disk, EncryptedDisk } from '@diskcache/core'
import { directoryTest as test } from '@diskcache/testkit'
import { expect } from 'vitest'
import { FanoutCache } from './fanout-cache.ts'

const KEYS = Array.from({ length: 50 }, (_, i) => `user ${i}`)
const [SECRET, ENTRY] = [Buffer.alloc(32, 1), Buffer.alloc(32, 2)]

test('FanoutCache takes a codec that is made, and finds hidden keys in their shards', async ({
  directory,
}) => {
  const disk = new EncryptedDisk({ keys: [SECRET], entryKey: ENTRY, compression: true })
  using store = new FanoutCache(directory, { shards: 3, disk })
  store.setMany(KEYS.map((key) => [key, { key }]))
  using again = new FanoutCache(directory, { disk })
  expect(again.getMany(KEYS)).toEqual(KEYS.map((key) => ({ key })))
  expect(await again.promises.get('user 7')).toEqual({ key: 'user 7' })
  expect([...again.keys()].toSorted()).toEqual(KEYS.toSorted())
  expect([...again.keys({ order: 'sorted' })].toSorted()).toEqual(KEYS.toSorted())
  await expect(again.promises.clear({ prefix: 'user' })).rejects.toThrow(/codec encrypts keys/)
  expect(() => again.namespace('users')).toThrow(/Cannot use a namespace: the codec encrypts keys/)
  expect(() => again.promises.namespace('users')).toThrow(TypeError)
  expect(() => new FanoutCache(directory, { disk: new Disk() })).toThrow(/written with 'encrypted'/)
})
