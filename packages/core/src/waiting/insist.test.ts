import { expect, test } from 'vitest'
import { DiskCacheError } from '../contract/errors.ts'
import { insist } from './insist.ts'

const away = new DiskCacheError('ERR_DISKCACHE_UNAVAILABLE', 'away')

test('insist() rejects with the reason of a signal that fires while the store is found to be away', async () => {
  const controller = new AbortController()
  const task = async () => {
    controller.abort(new Error('too late'))
    throw away
  }
  await expect(insist(task, controller.signal)).rejects.toThrow('too late')
})

test('insist() tries again while the store is away, and no other failure', async () => {
  const failures = [away, away, new Error('another')]
  const task = () => Promise.reject(failures.shift())
  await expect(insist(task, undefined)).rejects.toThrow('another')
  expect(failures).toEqual([])
})
