import { expect, test } from 'vitest'
import { expectSane, quickContext } from './expect-sane-section.ts'
import { EXPRESS_PART } from './express-part.ts'
import { WAYS } from './express-way.ts'

test('EXPRESS_PART presses a route in every way, and every answer is right', async () => {
  const skipped = new Map<string, string>()
  const section = await EXPRESS_PART.run(quickContext(skipped))
  expectSane(section)
  const [requests] = section.tables
  expect(requests?.rows.length).toBe(WAYS.length - skipped.size)
  const errors = requests?.columns.findIndex(({ head }) => head === 'errors') ?? -1
  for (const row of requests?.rows ?? []) expect(row[errors]).toBe('0')
})
