import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test, vi } from 'vitest'
import { lookBeforeCopy } from './private-copy.ts'

for (const offset of [-3_600_000, 0, 3_600_000]) {
  test(`lookBeforeCopy() waits until a write must show, with a fake clock ${offset} ms off`, () => {
    const directory = mkdtempSync(join(tmpdir(), 'diskcache-copy-'))
    onTestFinished(() => rmSync(directory, { recursive: true }))
    const pauses = vi.spyOn(Atomics, 'wait').mockReturnValue('timed-out')
    vi.useFakeTimers({ now: Date.now() + offset })
    onTestFinished(() => {
      vi.restoreAllMocks()
      vi.useRealTimers()
    })
    const file = join(directory, 'cache.db')
    // Some attempts, as this process may stand still for longer than it would have to wait.
    for (let attempts = 0; attempts < 100 && pauses.mock.calls.length === 0; attempts++) {
      writeFileSync(file, 'a')
      lookBeforeCopy(file)
    }
    const [pause] = pauses.mock.calls.map(([, , , time]) => time)
    expect(pause).toBeGreaterThan(0)
    expect(pause).toBeLessThanOrEqual(20)
  })
}
