import { once } from 'node:events'
import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { checkSafety, dangerOf } from './directory-safety.ts'

const OURS = { uid: 1000, gid: 1000, mode: 0o700 }
const US = { user: 1000, groups: [1000, 2000], readonly: false }

describe('dangerOf()', () => {
  test.for([
    ['a directory of this user', OURS],
    ['one that its group may write to', { ...OURS, mode: 0o775 }],
    ["the administrator's", { ...OURS, uid: 0 }],
    ["another user's that a group shares with us", { uid: 1001, gid: 2000, mode: 0o2770 }],
  ] as const)('takes %s for safe', ([, ownership]) => {
    expect(dangerOf(ownership, US)).toBe(undefined)
  })

  test.for([
    ['a directory that everybody may write to', { ...OURS, mode: 0o777 }, 'every user'],
    ['one where everybody may make files, as in /tmp', { uid: 0, gid: 0, mode: 0o1777 }, 'every user'],
    ["another user's", { ...OURS, uid: 1001 }, '1001'],
    ["another user's that a group of others shares", { uid: 1001, gid: 3000, mode: 0o2770 }, '1001'],
    ["another user's of our group, who does not share it", { uid: 1001, gid: 2000, mode: 0o750 }, '1001'],
  ] as const)('tells of %s', ([, ownership, reason]) => {
    expect(dangerOf(ownership, US)).toContain(reason)
  })

  test("takes another user's for safe when it is only read", () => {
    expect(dangerOf({ ...OURS, uid: 1001, mode: 0o755 }, { ...US, readonly: true })).toBe(undefined)
    expect(dangerOf({ ...OURS, mode: 0o777 }, { ...US, readonly: true })).toContain('every user')
  })

  test("tells the administrator of a user's directory", () => {
    expect(dangerOf(OURS, { user: 0, groups: [0], readonly: false })).toContain('1000')
  })
})

describe.skipIf(process.platform === 'win32')('checkSafety()', () => {
  test('warns once, with a code, refuses, or does nothing', async () => {
    const directory = temporary()
    chmodSync(directory, 0o777)
    checkSafety(directory, 'ignore', false)
    const warned = once(process, 'warning')
    checkSafety(directory, 'warn', false)
    checkSafety(directory, 'warn', false)
    const [warning] = await warned
    expect(warning).toMatchObject({ name: 'DiskCacheWarning', code: 'DISKCACHE_UNSAFE_DIRECTORY' })
    expect(warning.message).toContain(directory)
    expect(() => checkSafety(directory, 'throw', false)).toThrow(
      expect.objectContaining({ code: 'ERR_DISKCACHE_UNSAFE', path: directory }),
    )
  })
})

function temporary(): string {
  const directory = mkdtempSync(join(tmpdir(), 'diskcache-test-'))
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }))
  return directory
}
