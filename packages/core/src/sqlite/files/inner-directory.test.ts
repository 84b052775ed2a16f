import { mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { innerDirectory } from './inner-directory.ts'

test('innerDirectory() refuses links in any part, to wherever they lead', () => {
  const directory = temporary()
  mkdirSync(join(directory, 'own', 'deep'), { recursive: true })
  symlinkSync(join(directory, 'own'), join(directory, 'link'))
  symlinkSync('/nowhere', join(directory, 'own', 'broken'))
  for (const path of ['link', 'link/deep', 'own/broken', 'own/broken/more'])
    expect(() => innerDirectory(directory, join(directory, path))).toThrow(
      expect.objectContaining({
        code: 'ERR_DISKCACHE_FORMAT',
        message: expect.stringContaining('is a link'),
      }),
    )
  for (const path of ['own', 'own/deep', 'missing/and/more'])
    expect(innerDirectory(directory, join(directory, path))).toBe(join(directory, path))
})

function temporary(): string {
  const directory = mkdtempSync(join(tmpdir(), 'diskcache-test-'))
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }))
  return directory
}
