import { expect, test } from 'vitest'
import { PeerProcess } from './peer-process.ts'

const ECHO = `
  require('node:readline').createInterface({ input: process.stdin }).on('line', (line) => {
    console.log(line === 'fail' ? '{"error":"it failed"}' : line)
  })`

test('PeerProcess.ask() gives the answers in the order of the questions', async () => {
  await using peer = new PeerProcess(process.execPath, ['--eval', ECHO])
  expect(await peer.ask('1')).toBe(1)
  expect(await peer.ask('[2, 3]')).toEqual([2, 3])
})

test('PeerProcess.ask() throws what the process answers as an error', async () => {
  await using peer = new PeerProcess(process.execPath, ['--eval', ECHO])
  await expect(peer.ask('fail')).rejects.toThrow('it failed')
  expect(await peer.ask('1')).toBe(1)
})

test('PeerProcess.ask() throws when there is no such program', async () => {
  await using peer = new PeerProcess('/there/is/none', [])
  await expect(peer.ask('get 1')).rejects.toThrow('ended before it answered')
})
