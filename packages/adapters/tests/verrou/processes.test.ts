import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { directoryTest as test } from '@diskcache/testkit'
import { expect } from 'vitest'
import { WorkerProcess } from '../worker-process.ts'

const WORKER = new URL('./processes/lock-worker.ts', import.meta.url)

test('a lock of verrou is of one process at a time', async ({ directory }) => {
  writeFileSync(join(directory, 'counter'), '0')
  await using here = await WorkerProcess.start(WORKER, directory)
  await using there = await WorkerProcess.start(WORKER, directory)
  await Promise.all([here.call('count', 50), there.call('count', 50)])
  expect(readFileSync(join(directory, 'counter'), 'utf8')).toBe('100')
})

test('a process that is killed holds its lock until the ttl is over, one that restarts has its token', async ({
  directory,
}) => {
  await using here = await WorkerProcess.start(WORKER, directory)
  await using there = await WorkerProcess.start(WORKER, directory)
  const short = await here.call('take', 'short', 400)
  const long = await here.call('take', 'long', null)
  const waiting = there.call('wait', 'short')
  await here.kill()
  expect(await waiting).toBe(true)

  await using again = await WorkerProcess.start(WORKER, directory)
  expect(await again.call('take', 'long', null)).toBe(false)
  expect(await again.call('release', { ...(long as object), owner: 'another' })).toBe('E_LOCK_NOT_OWNED')
  expect(await again.call('release', short)).toBe('E_LOCK_NOT_OWNED')
  expect(await again.call('release', long)).toBe('released')
  expect(await there.call('take', 'long', null)).toMatchObject({ key: 'long', ttl: null })
  expect(await there.call('take', 'short', null)).toBe(false)
})
