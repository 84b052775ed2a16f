import { mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { subStoreDirectory } from './sub-store.ts'

describe('subStoreDirectory()', () => {
  test('is the kind, then the parts of the name', () => {
    expect(subStoreDirectory('/base', 'deque', 'jobs')).toBe('/base/deque/jobs')
    expect(subStoreDirectory('/base', 'cache', 'a/b c/ü')).toBe('/base/cache/a/b c/ü')
  })

  for (const name of ['', '..', 'a/../../b', '.', 'a//b', '/etc', 'a/', 'a\0', 'a\\b', 'C:', 'a\n', 'a*']) {
    test(`refuses ${JSON.stringify(name)}`, () => {
      expect(() => subStoreDirectory('/base', 'cache', name)).toThrow(RangeError)
    })
  }

  test('refuses what is no name, and what is no kind', () => {
    expect(() => subStoreDirectory('/base', 'cache', 1 as never)).toThrow(TypeError)
    expect(() => subStoreDirectory('/base', '..' as never, 'a')).toThrow(RangeError)
  })

  test('refuses a path that leads through a link', () => {
    const root = mkdtempSync(join(tmpdir(), 'diskcache-test-'))
    onTestFinished(() => rmSync(root, { recursive: true }))
    mkdirSync(join(root, 'cache'))
    symlinkSync(tmpdir(), join(root, 'cache', 'pages'))
    symlinkSync(tmpdir(), join(root, 'deque'))
    for (const [kind, name] of [
      ['cache', 'pages'],
      ['cache', 'pages/en'],
      ['deque', 'jobs'],
    ] as const)
      expect(() => subStoreDirectory(root, kind, name)).toThrow(
        expect.objectContaining({ code: 'ERR_DISKCACHE_FORMAT' }),
      )
    expect(subStoreDirectory(root, 'cache', 'others')).toBe(join(root, 'cache', 'others'))
  })
})
