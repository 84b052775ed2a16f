import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test as base, expect } from 'vitest'
import { boundRun } from './memory-bound/bound-run.ts'

const MIB = 2 ** 20

const test = base.extend<{ directory: string }>({
  // biome-ignore lint/correctness/noEmptyPattern: vitest requires a destructured first argument
  directory: async ({}, use) => {
    const directory = mkdtempSync(join(tmpdir(), 'diskcache-memory-bound-'))
    await use(directory)
    rmSync(directory, { recursive: true, force: true })
  },
})

/** One of each way to take memory; `tooling/stress` has all, with more bytes. */
const KINDS = ['text, 10', 'bytes, 10', 'frozen object of names, 100', 'wide tag', 'ill-formed text']

test.for(KINDS)(
  'memory full of entries of the kind "%s" takes maxBytes and a tenth at most',
  async (kind, { directory }) => {
    const [report] = await boundRun(directory, 4 * MIB, [kind])
    expect(report?.taken).toBeLessThan(1.1 * 4 * MIB)
    // It is measured at all.
    expect(report?.taken).toBeGreaterThan(0.2 * 4 * MIB)
  },
)
