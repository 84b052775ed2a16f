import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { createReadStream, existsSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { setTimeout as delay } from 'node:timers/promises'
import { Cache } from '@diskcache/cache'
import type { FanoutCache } from '@diskcache/fanout'
import { directoryTest as test } from '@diskcache/testkit'
import { expect } from 'vitest'
import { describeRedis } from '../../redis/tests/servers/describe-redis.ts'
import { RedisServer } from '../../redis/tests/servers/redis-server.ts'
import { contentsOf } from './contents.ts'
import { everyType, someOptions } from './every-type.ts'
import { run, runShell, startCommand } from './run-command.ts'

/** Whether all of it is to be tested, which takes half a minute; see `.ci/run`. */
const IS_WHOLE = Boolean(process.env.DISKCACHE_ALL_PLATFORMS)
const ENTRIES = IS_WHOLE ? 100_000 : 5_000

async function fill(cache: Cache | FanoutCache, count: number): Promise<void> {
  const all = everyType()
  for (let i = all.length; i < count; i++)
    all.push([`key:${i}`, { id: i, name: 'Ada', list: [i, null, 'é'] }])
  await cache.promises.setMany(all.map(([key, value], i) => [key, value, someOptions(i)] as const))
  await cache.promises.close()
}

test('export and import give an equal directory, also through a pipe', async ({ directory }) => {
  const [from, file, to, piped] = ['a', 'a.ndjson', 'b', 'c'].map((name) => join(directory, name)) as [
    string,
    string,
    string,
    string,
  ]
  await fill(new Cache(from, { sizeLimit: 4e9 }), ENTRIES)
  const before = readFileSync(join(from, 'cache.db'))
  let began = performance.now()
  expect(await run(['export', from, '--output', file])).toEqual({
    code: 0,
    stdout: '',
    stderr: `exported ${ENTRIES.toLocaleString('en-US')} entries\n`,
  })
  const exporting = performance.now() - began
  began = performance.now()
  expect(await run(['import', to, file])).toEqual({
    code: 0,
    stdout: '',
    stderr: `imported ${ENTRIES.toLocaleString('en-US')} entries\n`,
  })
  const importing = performance.now() - began
  if (ENTRIES >= 100_000)
    console.log(`${ENTRIES} entries: ${Math.round(exporting)} ms and ${Math.round(importing)} ms`)
  expect(await runShell(`diskcache export '${from}' | diskcache import '${piped}'`)).toMatchObject({
    code: 0,
  })
  expect(readFileSync(join(from, 'cache.db')).equals(before)).toBe(true)
  const original = await contentsOf(from)
  expect(original).toHaveLength(ENTRIES)
  expect(await contentsOf(to)).toStrictEqual(original)
  expect(await contentsOf(piped)).toStrictEqual(original)
})

test('what is wrong is told on one line, with exit code 2, and a reader may go', async ({ directory }) => {
  const from = join(directory, 'a')
  await fill(new Cache(from), 1_000)
  expect(await runShell(`diskcache export '${from}' | head -1`)).toMatchObject({
    code: 0,
    stdout: expect.stringContaining('{"diskcache":"entries"'),
  })
  const torn = join(directory, 'torn')
  writeFileSync(torn, (await run(['export', from])).stdout.slice(0, -3_000))
  const wrong: [string[], RegExp][] = [
    [['export', join(directory, 'none')], /there is no ".*none"/],
    [['export', from, '--resume'], /--resume needs the --output/],
    [['import', join(directory, 'b'), join(directory, 'none')], /no such file/],
    [['import', join(directory, 'b'), torn], /^imported|line \d+: it is cut off/],
    [['import', join(directory, 'b'), torn, '--shards', '0'], /is not a number of shards/],
  ]
  for (const [args, message] of wrong) {
    const { code, stderr } = await run(args)
    expect({ code, stderr }, args.join(' ')).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(message),
    })
    expect(stderr.trimEnd(), args.join(' ')).not.toContain('\n')
  }
  expect((await contentsOf(join(directory, 'b'))).length).toBeGreaterThan(900)
})

test('what is damaged is told of on both sides, by its key, with exit code 1', async ({ directory }) => {
  const [from, file, to] = ['a', 'a.ndjson', 'b'].map((name) => join(directory, name)) as [
    string,
    string,
    string,
  ]
  const cache = new Cache(from)
  for (const key of ['bad', ['r', 1], 'py', 'well']) cache.set(key, 'a value')
  cache.close()
  const database = new DatabaseSync(join(from, 'cache.db'))
  database.exec("UPDATE Cache SET value = 'other' WHERE key != 'well'")
  database.exec("UPDATE Cache SET key = x'80055d942e', raw = 0 WHERE key = 'py'")
  database.close()
  const { code, stderr } = await run(['export', from, '--output', file])
  expect(code).toBe(1)
  expect(stderr.split('\n').slice(0, 3)).toEqual([
    'left out bad: it is damaged, or cannot be read here',
    "left out [ 'r', 1 ]: it is damaged, or cannot be read here",
    "left out Python's key 80055d942e: Python pickled it",
  ])
  expect(await run(['import', to, file])).toEqual({
    ...{ code: 1, stdout: '' },
    stderr:
      'imported 1 entry\nthe export is not all that was there; left out: 2 damaged, 1 pickled by Python\n',
  })
})

test.skipIf(process.platform === 'win32')(
  'export names a file that has no room, and goes on with it',
  async ({ directory }) => {
    const [from, file] = [join(directory, 'a'), join(directory, 'a.ndjson')]
    await fill(new Cache(from), 3_000)
    const line = `diskcache export '${from}' --output '${file}'`
    expect(await runShell(`ulimit -f 300; ${line}`)).toEqual({
      ...{ code: 2, stdout: '' },
      stderr: `diskcache: "${file}": it would be larger than files may be there; make room, and go on with --resume\n`,
    })
    expect(await runShell(`${line} --resume`)).toMatchObject({ code: 0, stderr: 'exported 3,000 entries\n' })
    expect(await run(['import', join(directory, 'b'), file])).toMatchObject({ code: 0 })
  },
)

test.runIf(IS_WHOLE)('export goes on after kill -9', async ({ directory }) => {
  const [from, file, to] = ['a', 'a.ndjson', 'b'].map((name) => join(directory, name)) as [
    string,
    string,
    string,
  ]
  const cache = new Cache(from)
  const value = Buffer.alloc(20_000, 1)
  await cache.promises.setMany(
    Array.from({ length: 1_500 }, (_, i) => [i, i % 2 === 0 ? { i } : value] as const),
  )
  await cache.promises.close()
  await killedWhen(
    startCommand(['export', from, '--output', file]),
    () => sizeOf(`${file}.unfinished`) > 2_000_000,
  )
  expect(existsSync(file)).toBe(false)
  expect(await run(['export', from, '--output', file])).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('--resume'),
  })
  const unfinished = sizeOf(`${file}.unfinished`)
  expect(await run(['export', from, '--output', file, '--resume'])).toMatchObject({ code: 0 })
  expect(sizeOf(file)).toBeGreaterThan(unfinished)
  expect(await run(['import', to, file])).toMatchObject({ code: 0, stderr: 'imported 1,500 entries\n' })
  expect(await contentsOf(to)).toStrictEqual(await contentsOf(from))
})

test.runIf(IS_WHOLE)('import goes on after kill -9, and after Ctrl+C', async ({ directory }) => {
  const [from, file, to, checkpoint] = ['a', 'a.ndjson', 'b', 'checkpoint'].map((name) =>
    join(directory, name),
  ) as [string, string, string, string]
  await fill(new Cache(from), 3_000)
  await run(['export', from, '--output', file])
  for (const signal of ['SIGKILL', 'SIGINT'] as const) {
    const child = startCommand(['import', to, '-', '--checkpoint', checkpoint])
    child.stdin?.on('error', () => {})
    // It gets a part of the file, slowly, until something is noted.
    const end = statSync(file).size - (signal === 'SIGKILL' ? 300_000 : 100_000)
    const slow = feed(child, file, end)
    const noted = existsSync(checkpoint) ? readFileSync(checkpoint, 'utf8') : ''
    await killedWhen(
      child,
      () => existsSync(checkpoint) && readFileSync(checkpoint, 'utf8') !== noted,
      signal,
    )
    await slow
  }
  const noted = JSON.parse(readFileSync(checkpoint, 'utf8'))
  expect(noted.counts.stored).toBeGreaterThan(0)
  expect(await run(['import', to, file, '--checkpoint', checkpoint])).toMatchObject({
    code: 0,
    stderr: 'imported 3,000 entries\n',
  })
  expect(existsSync(checkpoint)).toBe(false)
  expect(await contentsOf(to)).toStrictEqual(await contentsOf(from))
})

describeRedis('export and import', () => {
  test.runIf(IS_WHOLE)('from a Cache to a FanoutCache, to Redis, and back', async ({ directory }) => {
    const [from, sharded, back] = ['a', 'b', 'c'].map((name) => join(directory, name)) as [
      string,
      string,
      string,
    ]
    await fill(new Cache(from), 2_000)
    const server = await RedisServer.start()
    try {
      const redis = `${server.url}?prefix=transfer`
      for (const [source, target, options] of [
        [from, sharded, '--shards 3'],
        [sharded, redis, ''],
        [redis, back, ''],
      ] as const)
        expect(
          await runShell(`diskcache export '${source}' | diskcache import '${target}' ${options}`),
        ).toMatchObject({ code: 0, stderr: expect.stringContaining('imported 2,000 entries') })
      const original = byKey(await contentsOf(from))
      expect(byKey(await contentsOf(sharded, true))).toStrictEqual(original)
      const returned = byKey(await contentsOf(back))
      expect(asRedisKeeps(returned)).toStrictEqual(asRedisKeeps(original))
      for (const [i, { expireTime }] of returned.entries())
        expect(Math.abs((expireTime ?? 0) - (original[i]?.expireTime ?? 0))).toBeLessThan(60_000)
    } finally {
      await server.stop()
    }
  })
})

interface Content {
  readonly key: unknown
  readonly expireTime: number | null
}

function byKey(contents: object[]): Content[] {
  const name = ({ key }: Content) =>
    typeof key === 'string'
      ? `s${key}`
      : `${typeof key}${JSON.stringify(key, (_, value) => (typeof value === 'bigint' ? String(value) : value))}`
  return (contents as Content[]).toSorted((a, b) => (name(a) < name(b) ? -1 : 1))
}

/** Redis knows no pins, and counts expiry from when it gets an entry: it may come out a little later. */
function asRedisKeeps(contents: Content[]): object[] {
  return contents.map((content) => ({ ...content, pin: undefined, expireTime: content.expireTime !== null }))
}

function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0
}

/** Kills a process as soon as something is so. */
async function killedWhen(
  child: ChildProcess,
  isSo: () => boolean,
  signal: NodeJS.Signals = 'SIGKILL',
): Promise<void> {
  const end = once(child, 'close')
  child.stdout?.resume()
  const deadline = performance.now() + 30_000
  while (!isSo() && child.exitCode === null && performance.now() < deadline) await delay(2)
  expect(child.exitCode, 'it has ended too soon').toBe(null)
  child.kill(signal)
  const [code] = await end
  expect(code).toBe(signal === 'SIGKILL' ? null : 130)
}

/** Writes the beginning of a file to a process, little by little, and keeps its input open. */
async function feed(child: ChildProcess, file: string, end: number): Promise<void> {
  for await (const bytes of createReadStream(file, { end, highWaterMark: 2 ** 18 })) {
    if (child.exitCode !== null || child.signalCode !== null) return
    child.stdin?.write(bytes)
    await delay(60)
  }
}
