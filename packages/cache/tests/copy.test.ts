import { chmodSync, mkdirSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { Cache, copyDirectory } from '@diskcache/cache'
import { directoryTest as test } from '@diskcache/testkit'
import { describe, expect } from 'vitest'
import { LARGE } from './cache-test.ts'
import { runLimited } from './limits/limited-process.ts'
import { Child } from './processes/child.ts'
import { copyRun } from './processes/copy/copy-run.ts'
import type { RewriteJob } from './processes/copy/rewriter.ts'
import { valueFilesIn } from './processes/directory-walk.ts'
import { expectSound, isDamage } from './processes/soundness.ts'
import { missingPython } from './python/peer.ts'
import { pythonTest } from './python/python-test.ts'

const REWRITER = new URL('./processes/copy/rewriter.ts', import.meta.url)

const missing = missingPython()

test('copyDirectory() copies one moment while others write and are killed', async ({ directory }) => {
  const seed = Date.now() % 1e9
  await expect(copyRun({ directory, seed, copies: 3 }), `SEED ${seed}`).resolves.toMatch(/^3 copies/)
})

test('copyDirectory() takes the lock when files vanish faster than they can be copied', async ({
  directory,
}) => {
  const source = join(directory, 'source')
  const target = join(directory, 'copy')
  new Cache(source).close()
  const turns = new Int32Array(new SharedArrayBuffer(8))
  const job: RewriteJob = { directory: source, keys: 20, turns }
  const writer = Child.thread<number>(REWRITER, job, { limit: 60_000 })
  /** Lets all files be replaced, for which there is no time while this thread has the lock. */
  const rewrite = (longest: number) => {
    const done = Atomics.load(turns, 1)
    if (Atomics.load(turns, 0) > done) return
    Atomics.add(turns, 0, 1)
    Atomics.notify(turns, 0)
    Atomics.wait(turns, 1, done, longest)
  }
  rewrite(60_000)
  const [copied] = await copyDirectory(source, target, { onProgress: () => rewrite(2_000) })
  Atomics.store(turns, 0, -1)
  Atomics.notify(turns, 0)
  await writer.result
  expect(copied).toMatchObject({
    entries: 20,
    vanished: 0,
    damaged: 0,
    rounds: 6,
    tookLock: true,
    problems: [],
  })
  expectSound(target)
})

describe.skipIf(process.platform === 'win32')(
  'copyDirectory() (skipped on Windows, whose permissions are others)',
  () => {
    /** Lets everybody read, and nobody write. */
    function protect(directory: string): void {
      for (const entry of readdirSync(directory, { recursive: true, withFileTypes: true })) {
        chmodSync(join(entry.parentPath, entry.name), entry.isDirectory() ? 0o755 : 0o444)
      }
      chmodSync(directory, 0o755)
    }

    test.for([[false], [true]])(
      'needs no right to write, with a writer there: %s',
      ([isOpen], { directory }) => {
        const source = join(directory, 'source')
        const targets = join(directory, 'targets')
        const cache = new Cache(source)
        cache.set('large', LARGE)
        cache.set('small', 1)
        if (!isOpen) cache.close()
        const before = readdirSync(source).sort()
        protect(source)
        chmodSync(directory, 0o755)
        mkdirSync(targets)
        chmodSync(targets, 0o777)
        const uid = process.getuid?.() === 0 ? '65534' : ''
        const target = join(targets, 'copy')
        const found = runLimited('true', 'only-copying', source, target, uid)
        expect(found).toEqual([[], ['large', 'small'], LARGE.length])
        expect(readdirSync(source).sort()).toEqual(before)
        expect(statSync(target).mode & 0o777).toBe(0o700)
        cache.close()
      },
    )
  },
)

describe.skipIf(missing !== undefined)(
  `copyDirectory() and Python${missing ? ` (skipped: ${missing})` : ''}`,
  () => {
    pythonTest()('copies what Python writes meanwhile, for Python', async ({ directory, python }) => {
      const source = join(directory, 'source')
      const target = join(directory, 'copy')
      mkdirSync(source)
      const peer = await python.open(source)
      for (let n = 0; n < 20; n++) await peer.set(`large ${n}`, LARGE)
      let isCopied = false
      const writing = (async () => {
        for (let n = 0; !isCopied; n++) await peer.set(`large ${n % 20}`, `${n}${LARGE}`)
      })()
      const [copied] = await copyDirectory(source, target)
      isCopied = true
      await writing
      expect(copied).toMatchObject({ entries: 20, files: 20, damaged: 0, vanished: 0 })
      expect(copied?.problems.filter(isDamage)).toEqual([])
      const copy = await python.open(target)
      expect(await copy.check()).toEqual([])
      expect(valueFilesIn(target)).toHaveLength(20)
      expect(String(await copy.get('large 7'))).toContain(LARGE)
      await copy.close()
      await peer.close()
    })
  },
)
