import { expect, test } from 'vitest'
import { SMALL } from '../measuring/workload.ts'
import { BARE_BETTER_SQLITE3 } from '../peers/bare-better-sqlite3.ts'
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
