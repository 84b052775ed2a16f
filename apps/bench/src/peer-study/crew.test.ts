import { expect, test } from 'vitest'
import { BARE_NODE_SQLITE } from '../peers/bare-node-sqlite.ts'
import { OWN_CACHE } from '../peers/own-cache.ts'
import type { Peer } from '../peers/peer.ts'
import { SMALL } from '../peers/peer-workload.ts'
import { Crew } from './crew.ts'
import { quickContext } from './quick-context.ts'

const UNKNOWN: Peer = { ...BARE_NODE_SQLITE, name: 'nowhere' }

test('Crew.start() skips a peer that cannot be opened, with the reason', async () => {
  const skipped = new Map<string, string>()
  await using crew = await Crew.start([OWN_CACHE, UNKNOWN], 1, quickContext(skipped))
  expect(crew.members.map(({ peer }) => peer)).toEqual([OWN_CACHE])
  expect([...skipped]).toEqual([['nowhere', 'there is no peer nowhere']])
})

test('Crew.start() throws without the peer that the others are compared with', async () => {
  const starting = Crew.start([UNKNOWN, OWN_CACHE], 1, quickContext(new Map()))
  await expect(starting).rejects.toThrow('there is no peer nowhere')
})

test('Crew.fill() leaves out a peer that gives back another value', async () => {
  const skipped = new Map<string, string>()
  // It answers every line with the same: that is not what it was given.
  const liar: Peer = {
    ...BARE_NODE_SQLITE,
    name: 'liar',
    program: () => ({ command: process.execPath, args: ['--eval', LIAR] }),
  }
  await using crew = await Crew.start([OWN_CACHE, liar], 1, quickContext(skipped))
  expect((await crew.fill(SMALL)).map(({ peer }) => peer.name)).toEqual([OWN_CACHE.name])
  expect([...skipped]).toEqual([['liar, values of 100 bytes', 'it gave "x" instead of "y"']])
})

const LIAR = `
  require('node:readline').createInterface({ input: process.stdin }).on('line', (line) => {
    const error = 'it gave "x" instead of "y"'
    console.log(JSON.stringify(line === 'operations' ? ['get', 'set'] : { error }))
  })`
