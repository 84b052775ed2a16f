import { expect, test } from 'vitest'
import { SMALL } from '../measuring/workload.ts'
import { BARE_BETTER_SQLITE3 } from '../peers/bare-better-sqlite3.ts'
import { SESSION_MEMORY } from '../peers/libraries/session-stores.ts'
import { OWN_CACHE } from '../peers/own-stores.ts'
import type { Peer } from '../peers/peer.ts'
import type { PartContext } from '../running/part.ts'
import { Crew } from './crew.ts'

const UNKNOWN: Peer = { ...BARE_BETTER_SQLITE3, name: 'nowhere' }

function quickContext(skipped: Map<string, string>): PartContext {
  return { quick: true, progress() {}, skip: (name, reason) => skipped.set(name, reason) }
}

test('Crew.start() skips a peer that cannot be opened, with the reason', async () => {
  const skipped = new Map<string, string>()
  const peers = [OWN_CACHE, UNKNOWN]
  await using crew = new Crew(peers, quickContext(skipped))
  await crew.start(peers, 2, SMALL)
  expect(crew.members.map(({ peer }) => peer)).toEqual([OWN_CACHE])
  expect([...skipped]).toEqual([['nowhere', 'there is no peer nowhere']])
})

test('Crew.start() throws without the peer that the others are compared with', async () => {
  const peers = [UNKNOWN, OWN_CACHE]
  await using crew = new Crew(peers, quickContext(new Map()))
  await expect(crew.start(peers, 1, SMALL)).rejects.toThrow('there is no peer nowhere')
})

test('Crew.start() fills the store of each process of a peer that cannot share one', async () => {
  await using crew = new Crew([SESSION_MEMORY], quickContext(new Map()))
  await crew.start([SESSION_MEMORY], 2, { keys: 3, bytes: 10 })
  const values = crew.members[0]?.processes.map((process) => process.ask('call', 'get', 'key:1'))
  expect((await Promise.all(values ?? [])).map((value) => String(value).length)).toEqual([10, 10])
})
