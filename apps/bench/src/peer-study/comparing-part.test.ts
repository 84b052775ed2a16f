import { expect, test } from 'vitest'
import { ALL_PEERS } from '../peers/all-peers.ts'
import { comparingPart } from './comparing-part.ts'
import { expectSane, quickContext } from './expect-sane-section.ts'

test('comparingPart() measures every peer that is there, and names the others', async () => {
  const skipped = new Map<string, string>()
  const section = await comparingPart(ALL_PEERS).run(quickContext(skipped))
  expectSane(section)
  const [guarantees, times] = section.tables
  const shown = times?.rows.map(([name]) => name)
  expect(shown).toEqual(guarantees?.rows.map(([name]) => name))
  expect([...(shown ?? []), ...skipped.keys()].toSorted()).toEqual(
    ALL_PEERS.map(({ name }) => name).toSorted(),
  )
})
