import { existsSync } from 'node:fs'
import { directoryTest } from '@diskcache/testkit'
import { expect } from 'vitest'
import { examineCache, type Report } from '../../src/doctor/doctor.ts'
import { stateOf } from './directory-state.ts'

/** A `test` with a directory, and a doctor who may not leave a trace in it. */
export const doctorTest = directoryTest.extend<{
  examine: (path?: string) => Promise<Report>
  found: (path?: string) => Promise<string[]>
}>({
  examine: async ({ directory }, use) => {
    await use(async (path = directory) => {
      const before = existsSync(directory) ? stateOf(directory) : {}
      const report = await examineCache(path)
      expect(existsSync(directory) ? stateOf(directory) : {}, 'the directory afterwards').toEqual(before)
      return report
    })
  },
  found: async ({ examine }, use) => {
    await use(async (path) => idsOf(await examine(path)))
  },
})

/** Returns the ids of what is not well. */
export function idsOf({ findings }: Report): string[] {
  return findings.flatMap(({ id }) => (id === undefined ? [] : [id]))
}

/** Returns what was found of an ailment. */
export function textOf({ findings }: Report, id: string): string | undefined {
  return findings.find((finding) => finding.id === id)?.text
}
