import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Store } from '@diskcache/core'
import { directoryTest } from '@diskcache/testkit'
import { afterAll, expect, vi } from 'vitest'
import type { Engine } from './engines.ts'

/**
 * A `test` with a store, which is checked and emptied after every test, and with the time of `Date`, which Keyv goes by:
 * once a test asks for `advance`, it stands still between calls of it.
 */
export function keyvTest(engine: Engine) {
  const directory = mkdtempSync(join(tmpdir(), 'diskcache-keyv-'))
  const opened = engine.open(directory, { clock: () => Date.now() })
  afterAll(async () => {
    await opened.promises.close()
    rmSync(directory, { recursive: true })
  })
  return directoryTest.extend<{ store: Store; advance: (milliseconds: number) => void }>({
    // biome-ignore lint/correctness/noEmptyPattern: vitest requires a destructured first argument
    store: async ({}, use) => {
      await use(opened)
      expect(opened.check()).toEqual([])
      opened.clear()
    },
    // biome-ignore lint/correctness/noEmptyPattern: vitest requires a destructured first argument
    advance: async ({}, use) => {
      vi.useFakeTimers({ toFake: ['Date'] })
      await use((milliseconds) => vi.setSystemTime(Date.now() + milliseconds))
      vi.useRealTimers()
    },
  })
}
