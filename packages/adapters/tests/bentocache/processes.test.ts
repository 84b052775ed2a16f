import { directoryTest as test } from '@diskcache/testkit'
import { expect } from 'vitest'
import { WorkerProcess } from '../worker-process.ts'

const WORKER = new URL('./processes/bento-worker.ts', import.meta.url)

test('processes with a bentocache share what they compute, also after one is killed', async ({
  directory,
}) => {
  await using here = await WorkerProcess.start(WORKER, directory)
  await using there = await WorkerProcess.start(WORKER, directory)
  const by = await here.call('pid')
  expect(await here.call('find', '1', 'articles')).toEqual({ id: '1', by })
  expect(await there.call('find', '1', 'articles')).toEqual({ id: '1', by })
  await here.call('setUser', 'ada', { name: 'Ada' })
  await here.kill()

  await using again = await WorkerProcess.start(WORKER, directory)
  expect(await again.call('find', '1', 'articles')).toEqual({ id: '1', by })
  expect(await again.call('getUser', 'ada')).toEqual({ name: 'Ada' })
  await again.call('clearUsers')
  expect(await there.call('getUser', 'ada')).toBeUndefined()
  await again.call('deleteByTag', 'articles')
  expect(await there.call('find', '1', 'articles')).toEqual({ id: '1', by: await there.call('pid') })
})
