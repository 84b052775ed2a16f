import { mkdtempSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test as base } from 'vitest'
import { FakeClock } from './memory/fake-clock.ts'

/** A `test` with a fresh directory, which is removed afterwards, and a clock that stands still. */
export const directoryTest = base.extend<{ directory: string; clock: FakeClock }>({
  // biome-ignore lint/correctness/noEmptyPattern: vitest requires a destructured first argument
  directory: async ({}, use) => {
    const directory = mkdtempSync(join(realpathSync(tmpdir()), 'diskcache-test-'))
    await use(directory)
    rmSync(directory, { recursive: true, force: true })
  },
  // biome-ignore lint/correctness/noEmptyPattern: vitest requires a destructured first argument
  clock: async ({}, use) => {
    await use(new FakeClock())
  },
})
