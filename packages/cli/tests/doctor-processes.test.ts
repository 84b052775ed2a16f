import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, readlinkSync } from 'node:fs'
import { join } from 'node:path'
import { Cache } from '@diskcache/cache'
import { FanoutCache } from '@diskcache/fanout'
import { describe, expect } from 'vitest'
import { examineCache } from '../src/doctor/doctor.ts'
import { holdersOf } from '../src/doctor/holders/holders-of.ts'
import { Child, OPENER, READER, WRITER } from './doctor/child.ts'
import { idsOf, doctorTest as test, textOf } from './doctor/doctor-test.ts'
import { BETTER_SQLITE3 } from './doctor/raw-database.ts'

const isTold = process.platform === 'linux'

describe.skipIf(!isTold)('who has a directory open (on Linux)', () => {
  test('doctor names who has it open, and holdersOf() tells of each', async ({ directory, examine }) => {
    await using child = await Child.start(OPENER, directory)
    const [holder, ...others] = holdersOf(directory).holders
    expect(others).toEqual([])
    expect(holder).toMatchObject({ pid: child.pid, isWriting: false, isReading: false })
    expect(holder?.command).toContain('import { Cache }')
    expect(Math.abs(Date.now() - (holder?.startTime ?? 0))).toBeLessThan(60_000)
    const report = await examine()
    expect(idsOf(report)).toEqual([])
    expect(report.findings.find(({ examination }) => examination === 'processes')?.text).toContain(
      `(pid ${child.pid} of `,
    )
  })

  test('doctor names who keeps the lock', async ({ directory, examine }) => {
    new Cache(directory).close()
    await using child = await Child.start(WRITER, directory)
    expect(holdersOf(directory).holders).toMatchObject([{ pid: child.pid, isWriting: true }])
    expect(textOf(await examine(), 'lock-held')).toContain(`(pid ${child.pid} of `)
  })

  test('doctor names who reads while the log grows', async ({ directory }) => {
    using cache = new Cache(directory, { sizeLimit: 32 * 2 ** 20, minFileSize: 2 ** 20 })
    cache.set(0, 0)
    await using child = await Child.start(READER, directory, BETTER_SQLITE3)
    for (let i = 1; i <= 12; i++) cache.set(i, Buffer.alloc(500_000, i))
    const report = await examineCache(directory)
    expect(idsOf(report)).toEqual(['log-held'])
    expect(textOf(report, 'log-held')).toContain(`(pid ${child.pid} of `)
    expect(report.holders?.map(({ pid }) => pid).sort()).toEqual([process.pid, child.pid].sort())
  })

  test('holdersOf() tells of those who have a shard open', async ({ directory }) => {
    using fanout = new FanoutCache(directory, { shards: 2 })
    expect(holdersOf(fanout.directory).holders).toMatchObject([{ pid: process.pid, isWriting: false }])
    fanout.close()
    expect(holdersOf(fanout.directory)).toEqual({ isKnown: true, holders: [] })
    expect(holdersOf(join(directory, 'missing'))).toEqual({ isKnown: true, holders: [] })
  })
})

const seesAll = isTold && readlinkSync('/proc/self/ns/pid') === 'pid:[4026531836]'

test.skipIf(!seesAll)(
  'doctor leaves what a killed process left as it is (outside containers)',
  async ({ directory, found }) => {
    const child = await Child.start(OPENER, directory)
    await child[Symbol.asyncDispose]()
    expect(existsSync(join(directory, 'cache.db-shm'))).toBe(true)
    expect(await found()).toEqual([])
  },
)

const PYTHON = process.env.DISKCACHE_PYTHON ?? '/usr/bin/python3'
const hasPython = spawnSync(PYTHON, ['-c', 'import diskcache']).status === 0
if (!hasPython && process.env.DISKCACHE_REQUIRE_PYTHON) throw new Error('Python with diskcache is required')

describe.skipIf(!hasPython)('Python (where it has diskcache)', () => {
  test('doctor names what Python has done', async ({ directory, examine }) => {
    const python = (program: string) =>
      execFileSync(PYTHON, [
        '-c',
        `import sys, diskcache\ncache = diskcache.Cache(sys.argv[1])\n${program}`,
        directory,
      ])
    python("cache['text'] = 'text'\ncache['list'] = [1, 2]\ncache[(1, 2)] = 1\ncache.close()")
    const before = await examine()
    expect(idsOf(before)).toEqual(
      expect.arrayContaining(['python-format', 'python-writers', 'pickles', 'python-index', 'no-statistics']),
    )
    expect(before.isHealthy).toBe(true)
    expect(textOf(before, 'pickles')).toContain('1 of 3 entries')
    new Cache(directory, { evictionPolicy: 's3-fifo' }).close()
    const after = await examine()
    expect(idsOf(after)).toEqual(expect.arrayContaining(['python-writers', 'pickles', 'python-policy']))
    expect(idsOf(after)).not.toContain('python-format')
  })
})

const MOUNT_OPTIONS = 'size=3m,nr_inodes=60,mode=700'
const canMount =
  isTold &&
  process.getuid?.() === 0 &&
  spawnSync('unshare', ['--mount', 'mount', '-t', 'tmpfs', '-o', MOUNT_OPTIONS, 'none', '/mnt']).status === 0

test.skipIf(!canMount)(
  'doctor names a full file system in memory (as root)',
  async ({ directory, examine }) => {
    execFileSync('mount', ['-t', 'tmpfs', '-o', MOUNT_OPTIONS, 'none', directory])
    try {
      using cache = new Cache(join(directory, 'cache'), { sizeLimit: 2 ** 30 })
      cache.set('key', 'value')
      cache.close()
      const tight = ['memory-file-system', 'little-space', 'few-inodes']
      expect(idsOf(await examine(cache.directory))).toEqual(tight)
      const rest = spawnSync('sh', ['-c', `head -c 3000000 /dev/zero > '${join(directory, 'others')}'`])
      expect(rest.status).not.toBe(0)
      expect(idsOf(await examine(cache.directory))).toEqual(['memory-file-system', 'full-disk', 'few-inodes'])
    } finally {
      execFileSync('umount', [directory])
    }
  },
)

test('doctor tells of a limit to the size of files', async ({ directory }) => {
  new Cache(directory).close()
  const main = new URL('../dist/main.js', import.meta.url).pathname
  if (!isTold) return
  const command = `ulimit -f 100000 && exec "$0" "$@"`
  const { stdout } = spawnSync('sh', ['-c', command, process.execPath, main, 'doctor', directory], {
    encoding: 'utf8',
  })
  expect(stdout).toMatch(/^remark\tspace\tfile-size-limit\t/m)
})
