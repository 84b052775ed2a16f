import { expect, test } from 'vitest'
import { BARE_NODE_SQLITE } from '../peers/bare-node-sqlite.ts'
import { CACACHE } from '../peers/cacache.ts'
import { OWN_CACHE } from '../peers/own-cache.ts'
import { checkSection } from '../report/check-section.ts'
import { quickContext } from './quick-context.ts'
import { sizesPart } from './sizes-part.ts'

test('sizesPart() measures small and large values', async () => {
  const skipped = new Map<string, string>()
  const section = await sizesPart([OWN_CACHE, BARE_NODE_SQLITE, CACACHE]).run(quickContext(skipped))
  checkSection(section)
  expect([...skipped]).toEqual([])
  for (const { rows } of section.tables) expect(rows.flat()).not.toContain('–')
})
