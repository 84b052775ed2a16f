import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Cache } from '@diskcache/cache'
import { Lock } from '@diskcache/recipes'
import { expect, test } from 'vitest'

test('A lock is lost within a second or two when its directory is removed, however long its lease', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'diskcache-lock-'))
  using cache = new Cache(directory)
  const hold = await new Lock(cache, 'job', { lease: 3_600_000 }).acquire()
  rmSync(directory, { recursive: true })
  await new Promise((resolve) => hold.lost.addEventListener('abort', resolve))
  expect(() => hold.check()).toThrow(expect.objectContaining({ code: 'ERR_DISKCACHE_LOCK_LOST' }))
  using other = new Cache(directory)
  const again = await new Lock(other, 'job').tryAcquire()
  expect(again).toBeDefined()
  await again?.release()
  rmSync(directory, { recursive: true })
})

test('A lock is not granted in a directory that was removed', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'diskcache-lock-'))
  using cache = new Cache(directory)
  cache.get('key')
  rmSync(directory, { recursive: true })
  using other = new Cache(directory)
  const hold = await new Lock(other, 'job').acquire()
  expect(await new Lock(cache, 'job').tryAcquire()).toBe(undefined)
  await hold.release()
  rmSync(directory, { recursive: true })
})
