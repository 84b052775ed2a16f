import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { AsyncStore, Store } from '@diskcache/core'
import { directoryTest } from '@diskcache/testkit'
import { afterAll, beforeAll, expect, vi } from 'vitest'
import type { EngineOf } from './engines.ts'

/**
 * A `test` with a store, which is checked and emptied after every test, and with the time of `Date`, which Keyv goes by:
 * once a test asks for `advance`, it stands still between calls of it.
 */
export function keyvTest<S extends Store | AsyncStore>(engine: EngineOf<S>) {
  const directory = mkdtempSync(join(tmpdir(), 'diskcache-keyv-'))
  let opened: S
  beforeAll(() => {
    opened = engine.open(directory, { clock: () => Date.now() })
  })
  afterAll(async () => {
    await opened.close()
    rmSync(directory, { recursive: true })
  })
  return directoryTest.extend<{ store: S; advance: (milliseconds: number) => void }>({
    // biome-ignore lint/correctness/noEmptyPattern: vitest requires a destructured first argument
    store: async ({}, use) => {
      await use(opened)
      expect(await opened.check()).toEqual([])
      await opened.clear()
    },
    advance: async ({ skip }, use) => {
      skip(engine.isServer === true, 'the time of a server cannot be moved')
      vi.useFakeTimers({ toFake: ['Date'] })
      await use((milliseconds) => vi.setSystemTime(Date.now() + milliseconds))
      vi.useRealTimers()
    },
  })
}
