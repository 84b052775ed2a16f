import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test as baseTest, describe, expect } from 'vitest'
import { Cache } from '../src/cache.ts'
import type { GroupUserJob, GroupUserReport } from './group/group-user.ts'
import { Child } from './processes/child.ts'

const USER = new URL('./group/group-user.ts', import.meta.url)

const [ALICE, BOB, EVE] = [60_001, 60_002, 60_003]
const TEAM = 60_100

const test = baseTest.extend<{ root: string; directory: string }>({
  // biome-ignore lint/correctness/noEmptyPattern: vitest requires a destructured first argument
  root: async ({}, use) => {
    const root = mkdtempSync(join(tmpdir(), 'diskcache-group-'))
    chmodSync(root, 0o755)
    await use(root)
    rmSync(root, { recursive: true, force: true })
  },
  directory: ({ root }, use) => use(join(root, 'cache')),
})

function as(
  user: number,
  groups: readonly number[],
  job: Pick<GroupUserJob, 'directory' | 'key'> & Partial<GroupUserJob>,
) {
  const all: GroupUserJob = { user, groups, options: {}, others: [], ...job }
  return Child.process<GroupUserReport>(USER, all, { limit: 30_000 }).result
}

const modeOf = (path: string) => statSync(path).mode & 0o777

/** A directory and everything in it. */
function pathsOf(directory: string): string[] {
  const names = readdirSync(directory, { recursive: true, encoding: 'utf8' })
  return [directory, ...names.map((name) => join(directory, name))]
}

describe.skipIf(process.platform === 'win32')(
  'The option mode (skipped on Windows, which has other permissions)',
  () => {
    test('lets a group in, whatever the umask, and nobody else', ({ directory }) => {
      const before = process.umask(0o077)
      try {
        using cache = new Cache(directory, { mode: 0o770, sizeLimit: 2 ** 24 })
        cache.set('large', 'x'.repeat(100_000))
        const paths = pathsOf(directory)
        for (const path of paths)
          expect([path, modeOf(path)]).toEqual([path, statSync(path).isDirectory() ? 0o770 : 0o660])
        expect(paths.length).toBeGreaterThan(6)
      } finally {
        process.umask(before)
      }
    })

    test('is 0o700 unless given, also where others may enter the directory', ({ directory }) => {
      mkdirSync(directory, { mode: 0o777 })
      using cache = new Cache(directory)
      cache.set('large', 'x'.repeat(100_000))
      for (const path of pathsOf(directory).slice(1)) expect(modeOf(path) & 0o077).toBe(0)
    })

    test.for([0o077, 0o670, 0o1700, 7.5, '770'])('refuses %o', (mode, { directory }) => {
      expect(() => new Cache(directory, { mode: mode as number })).toThrow(RangeError)
      expect(existsSync(directory)).toBe(false)
    })

    test.skipIf(process.getuid?.() !== 0)(
      'makes a directory that users of one group share (skipped unless run by root, who can be others)',
      async ({ root, directory }) => {
        chownSync(root, ALICE, TEAM)
        await as(ALICE, [TEAM], { directory, key: 'of Alice', options: { mode: 0o770 } })
        const found = await as(BOB, [BOB, TEAM], { directory, key: 'of Bob', others: ['of Alice'] })
        expect(found).toEqual([100_000])
        const others = ['of Bob', 'of Alice']
        expect(await as(ALICE, [ALICE, TEAM], { directory, key: 'again', others })).toEqual([100_000, 8])
        await expect(as(EVE, [EVE], { directory, key: 'of Eve' })).rejects.toThrow('ERR_DISKCACHE')
      },
    )

    test.skipIf(process.getuid?.() !== 0)(
      'is not needed where the directory was given to a group (skipped unless run by root, who can be others)',
      async ({ directory }) => {
        mkdirSync(directory)
        chownSync(directory, ALICE, TEAM)
        chmodSync(directory, 0o2770)
        await as(BOB, [BOB, TEAM], { directory, key: 'of Bob' })
        expect(await as(ALICE, [ALICE, TEAM], { directory, key: 'of Alice', others: ['of Bob'] })).toEqual([
          100_000,
        ])
      },
    )
  },
)

describe.skipIf(process.platform === 'win32')('The option onUnsafe', () => {
  const UNSAFE = { code: 'ERR_DISKCACHE_UNSAFE', message: expect.stringContaining("onUnsafe: 'ignore'") }

  test("refuses a directory that everybody may write to, with 'throw'", ({ directory }) => {
    mkdirSync(directory)
    chmodSync(directory, 0o777)
    expect(() => new Cache(directory, { onUnsafe: 'throw' })).toThrow(expect.objectContaining(UNSAFE))
    new Cache(directory, { onUnsafe: 'ignore' }).close()
    chmodSync(directory, 0o700)
    new Cache(directory, { onUnsafe: 'throw' }).close()
  })

  test.skipIf(process.getuid?.() !== 0)(
    "refuses a directory of another user, with 'throw' (skipped unless run by root, who can be others)",
    async ({ root, directory }) => {
      const options = { onUnsafe: 'throw' } as const
      chownSync(root, ALICE, TEAM)
      await as(ALICE, [TEAM], { directory, key: 'of Alice', options: { ...options, mode: 0o770 } })
      // A group that shares it is trusted.
      await as(BOB, [BOB, TEAM], { directory, key: 'of Bob', options })
      expect(() => new Cache(directory, options)).toThrow(expect.objectContaining(UNSAFE))
      new Cache(directory, { ...options, readonly: true }).close()
    },
  )

  test('takes one of three words', ({ directory }) => {
    expect(() => new Cache(directory, { onUnsafe: 'refuse' as never })).toThrow(RangeError)
  })
})

describe('The option cachedirTag', () => {
  test('marks the directory, once', ({ directory }) => {
    new Cache(directory).close()
    expect(existsSync(join(directory, 'CACHEDIR.TAG'))).toBe(false)
    for (let i = 0; i < 2; i++) {
      using cache = new Cache(directory, { cachedirTag: true })
      expect(cache.check({ fix: true })).toEqual([])
    }
    const text = readFileSync(join(directory, 'CACHEDIR.TAG'), 'latin1')
    expect(text.startsWith('Signature: 8a477f597d28d172789f06886806bc55\n')).toBe(true)
  })
})
