import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test as base, describe, expect } from 'vitest'
import { missingPython } from '../../../cache/tests/python/peer.ts'
import { PythonConsole } from './console.ts'

const missing = missingPython()
const isRequired = process.env.DISKCACHE_REQUIRE_PYTHON !== undefined
const reason = missing === undefined ? '' : ` (skipped: ${missing})`

/** Fails where Python with diskcache must be, but is not; elsewhere the suites are skipped, and say so. */
export function requirePython(): void {
  base.runIf(isRequired)('DISKCACHE_REQUIRE_PYTHON: Python has diskcache', () => {
    expect(missing).toBe(undefined)
  })
}

export function pythonSuite(name: string, body: () => void): void {
  describe.skipIf(missing !== undefined)(`Python and Node: ${name}${reason}`, body)
}

/** Throws when a directory is not what it should be in the eyes of both sides. */
export type ExpectSound = (directory: string, python: PythonConsole) => Promise<void> | void

/** A `test` with a Python, which knows the `directory`, and with a look at that by both sides after the test. */
export function pythonTest(expectSound: ExpectSound) {
  return base.extend<{ python: PythonConsole; directory: string }>({
    // biome-ignore lint/correctness/noEmptyPattern: vitest requires a destructured first argument
    python: async ({}, use) => {
      using python = new PythonConsole()
      await use(python)
    },
    directory: async ({ python }, use) => {
      const directory = mkdtempSync(join(tmpdir(), 'diskcache-python-'))
      await python.run(`directory = ${JSON.stringify(directory)}`)
      await use(directory)
      await expectSound(directory, python)
      rmSync(directory, { recursive: true, force: true })
    },
  })
}
