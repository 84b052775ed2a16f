import { expect, test } from 'vitest'
import { BARE_NODE_SQLITE } from '../peers/bare-node-sqlite.ts'
import { FLAT_CACHE } from '../peers/flat-cache.ts'
import { OWN_CACHE } from '../peers/own-cache.ts'
import { OWN_PROMISES } from '../peers/own-promises.ts'
import { checkSection } from '../report/check-section.ts'
import { processesPart } from './processes-part.ts'
import { quickContext } from './quick-context.ts'

test('processesPart() lets processes share a store, and ours loses nothing', async () => {
  const skipped = new Map<string, string>()
  const part = processesPart([OWN_CACHE, OWN_PROMISES, BARE_NODE_SQLITE, FLAT_CACHE])
  const section = await part.run(quickContext(skipped))
  checkSection(section)
  expect([...skipped]).toEqual([])
  const failed = section.tables.at(-1)?.rows
  expect(failed?.slice(0, 2)).toEqual([
    [OWN_CACHE.name, '0', '0', '0', 'none'],
    [OWN_PROMISES.name, '0', '0', '0', 'none'],
  ])
  expect(failed?.map(([name]) => name)).not.toContain(FLAT_CACHE.name)
})
