import { expect, test } from 'vitest'
import { BARE_NODE_SQLITE } from '../peers/bare-node-sqlite.ts'
import { KEYV_SQLITE_4 } from '../peers/keyv-sqlite-4.ts'
import { OWN_CACHE } from '../peers/own-cache.ts'
import { OWN_PROMISES } from '../peers/own-promises.ts'
import { checkSection } from '../report/check-section.ts'
import { comparingPart } from './comparing-part.ts'
import { quickContext } from './quick-context.ts'

const PEERS = [OWN_CACHE, OWN_PROMISES, BARE_NODE_SQLITE, KEYV_SQLITE_4]

test('comparingPart() measures every peer that is there, and names the others', async () => {
  const skipped = new Map<string, string>()
  const section = await comparingPart(PEERS).run(quickContext(skipped))
  checkSection(section)
  const [guarantees, times] = section.tables
  const shown = times?.rows.map(([name]) => name)
  expect(shown).toEqual(guarantees?.rows.map(([name]) => name))
  expect([...(shown ?? []), ...skipped.keys()].toSorted()).toEqual(PEERS.map(({ name }) => name).toSorted())
})
