import { expect, test } from 'vitest'
import { raceCounters } from './counter-race.ts'

test('raceCounters() loses nothing inside transact', async () => {
  const lines: string[] = []
  await expect(raceCounters((line) => lines.push(line))).resolves.toBe(true)
  expect(lines.at(-1)).toMatch(/transact\s*│\s*400\s*│\s*0/)
})
