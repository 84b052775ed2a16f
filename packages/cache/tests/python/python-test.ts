import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Cache, Disk } from '@diskcache/cache'
import { test as base, expect } from 'vitest'
import { isDamage, laterClock } from '../processes/soundness.ts'
import { PythonPeer } from './peer.ts'

/** One codec under its names on both sides. */
export interface Codec {
  readonly disk: typeof Disk | Disk
  readonly python: string
}

const DEFAULT: Codec = { disk: Disk, python: 'Disk' }

/** A `test` with a Python process and a directory, which both sides must find sound after the test. */
export function pythonTest(codec: Codec = DEFAULT) {
  return base.extend<{ python: PythonPeer; directory: string }>({
    // biome-ignore lint/correctness/noEmptyPattern: vitest requires a destructured first argument
    python: async ({}, use) => {
      using python = new PythonPeer()
      await use(python)
    },
    directory: async ({ python }, use) => {
      const directory = mkdtempSync(join(tmpdir(), 'diskcache-python-'))
      await use(directory)
      if (existsSync(join(directory, 'cache.db'))) await expectSound(directory, python, codec)
      rmSync(directory, { recursive: true, force: true })
    },
  })
}

async function expectSound(directory: string, python: PythonPeer, codec: Codec): Promise<void> {
  const cache = await python.open(directory, {}, codec.python)
  expect(await cache.check(), "Python's check()").toEqual([])
  await cache.close()
  using later = new Cache(directory, { disk: codec.disk, clock: laterClock })
  expect(later.check().filter(isDamage), 'check()').toEqual([])
}
