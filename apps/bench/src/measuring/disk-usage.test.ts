import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { diskUsage } from './disk-usage.ts'

it('diskUsage() counts all files below a directory, but those that it is told to leave out', () => {
  const directory = mkdtempSync(join(tmpdir(), 'diskcache-usage-'))
  onTestFinished(() => rmSync(directory, { recursive: true }))
  mkdirSync(join(directory, 'a'))
  writeFileSync(join(directory, 'a', 'file'), Buffer.alloc(100_000, 'x'))
  expect(diskUsage(directory)).toBeGreaterThanOrEqual(100_000)
  expect(diskUsage(directory, 'file')).toBeLessThan(100_000)
  expect(diskUsage(join(directory, 'nothing'))).toBe(0)
})
