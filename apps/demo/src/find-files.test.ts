import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { findFiles, spread } from './find-files.ts'

test('findFiles() finds Markdown and declarations, sorted, and follows no symbolic link', () => {
  const directory = mkdtempSync(join(tmpdir(), 'demo-files-'))
  try {
    mkdirSync(join(directory, '.pnpm/a'), { recursive: true })
    for (const name of ['.pnpm/a/b.d.mts', '.pnpm/a/a.md', 'c.d.ts', 'd.ts', 'e.js', 'f.d.cts']) {
      writeFileSync(join(directory, name), '')
    }
    symlinkSync(join(directory, '.pnpm/a'), join(directory, 'a'))
    symlinkSync(join(directory, 'c.d.ts'), join(directory, 'link.d.ts'))
    const expected = ['.pnpm/a/a.md', '.pnpm/a/b.d.mts', 'c.d.ts', 'f.d.cts']
    expect(findFiles(directory)).toEqual(expected.map((name) => join(directory, name)))
  } finally {
    rmSync(directory, { recursive: true })
  }
})

test('spread() takes its share from every part, and all when there are few', () => {
  const paths = Array.from({ length: 10 }, (_, at) => String(at))
  expect(spread(paths, 4)).toEqual(['0', '2', '5', '7'])
  expect(spread(paths, 10)).toEqual(paths)
})
