import { expect, test } from 'vitest'
import { WorkerProcess } from './worker-process.ts'

const ECHO = `
  require('node:readline').createInterface({ input: process.stdin }).on('line', (line) => {
    console.log(line === '["fail"]' ? '{"error":"it failed"}' : line)
  })`

test('WorkerProcess.ask() gives the answers in the order of the questions, and throws an error', async () => {
  await using worker = new WorkerProcess([process.execPath, '--eval', ECHO])
  const asked = [worker.ask('time', 'get', 1), worker.ask('open')]
  expect(await Promise.all(asked)).toEqual([['time', 'get', 1], ['open']])
  await expect(worker.ask('fail')).rejects.toThrow('it failed')
  expect(await worker.ask('go on')).toEqual(['go on'])
})

test('WorkerProcess.ask() throws when there is no such program', async () => {
  await using worker = new WorkerProcess(['/there/is/none'])
  await expect(worker.ask('open')).rejects.toThrow('ended before it answered')
})

test('WorkerProcess.of() refuses a command that its service has not', async () => {
  await using worker = WorkerProcess.of('press')
  await expect(worker.ask('push')).rejects.toThrow('Cannot obey push')
})
