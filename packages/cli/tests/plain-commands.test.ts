import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { FanoutCache } from '@diskcache/fanout'
import { expect } from 'vitest'
import { test, withCache } from './command-test.ts'
import { run, runNow, runShell, startCommand } from './run-command.ts'

const LOOKS = [['info'], ['keys'], ['get', 'a'], ['tags'], ['stats']] as const

test.concurrent('set stores what get gives back: text, JSON, the standard input and files', async ({
  directory,
  folder,
}) => {
  const file = join(folder, 'logo.png')
  writeFileSync(file, Buffer.from([0, 255, 27]))
  const stored = [
    await run(['set', directory, 'a', 'Hello', '--ttl', '2h', '--tag', 'x', '--tag', 'y']),
    await run(['set', directory, 'b', '{"n":[1,null]}', '--json', '--pin']),
    await run(['set', directory, 'c', '-'], { input: 'two\nlines\n' }),
    await run(['set', directory, 'd', '--file', file]),
    await run([
      'set',
      directory,
      '7',
      'number',
      '--key-type',
      'number',
      '--tag',
      '5',
      '--tag-type',
      'number',
    ]),
    await run(['set', directory, '["r",1]', 'array', '--key-type', 'json']),
  ]
  expect(stored).toEqual(stored.map(() => ({ code: 0, stdout: '', stderr: '' })))
  withCache(directory, (cache) => {
    expect(cache.get('a')).toBe('Hello')
    const { tags, expireTime } = cache.getEntry('a')!
    expect(tags).toEqual(['x', 'y'])
    expect(Math.abs(expireTime! - Date.now() - 7_200_000)).toBeLessThan(60_000)
    expect(cache.get('b')).toEqual({ n: [1, null] })
    expect(cache.get('c')).toBe('two\nlines\n')
    expect(cache.get('d')).toEqual(Buffer.from([0, 255, 27]))
    expect(cache.get(['r', 1])).toBe('array')
    expect(cache.getEntry(7)?.tags).toEqual([5])
  })
  expect(await run(['get', directory, 'a'])).toEqual({ code: 0, stdout: 'Hello\n', stderr: '' })
  expect((await run(['get', directory, 'c', '--raw'])).stdout).toBe('two\nlines\n')
  expect(JSON.parse((await run(['get', directory, 'b', '--json'])).stdout)).toMatchObject({
    ...{ key: 'b', value: { n: [1, null] }, tags: [], expireTime: null },
  })
  expect((await run(['get', directory, '7', '--key-type', 'number', '--stored'])).stdout).toBe('number')
})

test.concurrent('get --json has the metadata beside bytes, as JSON where that holds them', async ({
  directory,
}) => {
  using cache = new FanoutCache(directory, { shards: 2 })
  const kept: [unknown, object][] = [
    [{ type: 'text/html' }, { metadata: { type: 'text/html' } }],
    ['text/html', { metadata: 'text/html' }],
    [new Set([1]), { metadataText: 'Set(1) { 1 }' }],
  ]
  for (const [i, [metadata]] of kept.entries())
    await cache.write(`k${i}`, Readable.from(['body']), { metadata })
  cache.close()
  for (const [i, [, members]] of kept.entries()) {
    const { stdout } = await run(['get', directory, `k${i}`, '--json'])
    expect(JSON.parse(stdout)).toMatchObject({ key: `k${i}`, text: 'body', ...members })
  }
})

test.concurrent('keys gives every entry, as cells between tabs and as JSON, filtered and sorted', async ({
  directory,
}) => {
  withCache(directory, (cache) =>
    cache.setMany(
      Array.from({ length: 3_000 }, (_, at) => [`k${at}`, 'v'.repeat(at), { tag: `t${at % 2}` }]),
    ),
  )
  const { stdout } = await run(['keys', directory])
  const lines = stdout.trimEnd().split('\n')
  expect(lines).toHaveLength(3_000)
  expect(lines[5]).toMatch(/^k5\ttext\t5\t\d{4}-\d\d-\d\dT[\d:.]+Z\t-\t\S+\tt1$/)
  const largest = await run(['keys', directory, '--sort', 'size', '--reverse', '--limit', '2', '--json'])
  expect(
    largest.stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line).key),
  ).toEqual(['k2999', 'k2998'])
  const some = await run([
    'keys',
    directory,
    '--prefix',
    'k29',
    '--text',
    '9',
    '--tag',
    't1',
    '--sort',
    'key',
  ])
  expect(some.stdout.split('\n', 2).map((line) => line.split('\t')[0])).toEqual(['k29', 'k2901'])
  expect(await runShell(`set -o pipefail; diskcache keys '${directory}' | head -1 | cut -f 1`)).toEqual({
    ...{ code: 0, stdout: 'k0\n', stderr: '' },
  })
})

test.concurrent('what changes entries says how many, and exits with 1 for a key that is not there', async ({
  directory,
}) => {
  withCache(directory, (cache) => {
    for (const key of ['a', 'b', 'c', 'd', 'e', 'f']) cache.set(key, key, { tag: key })
    cache.set('old', 1, { ttl: 1 })
  })
  expect(await run(['delete', directory, 'a', 'z'])).toMatchObject({ code: 1, stdout: '1\n' })
  expect(await run(['evict', directory, 'b', 'c', '--json'])).toMatchObject({
    code: 0,
    stdout: '{"entries":2}\n',
  })
  expect(await run(['expire', directory])).toMatchObject({ code: 0, stdout: '1\n' })
  expect(await run(['cull', directory])).toMatchObject({ code: 0, stdout: '0\n' })
  expect(await run(['touch', directory, 'd', '--ttl', '7d'])).toEqual({ code: 0, stdout: '', stderr: '' })
  expect(await run(['touch', directory, 'z', '--ttl', '7d'])).toMatchObject({ code: 1 })
  expect(await run(['get', directory, 'z'])).toEqual({
    ...{ code: 1, stdout: '', stderr: 'diskcache: there is no entry "z"\n' },
  })
  expect(await run(['clear', directory])).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('--yes'),
  })
  expect(await run(['clear', directory, '--prefix', 'd', '--yes'])).toMatchObject({
    code: 0,
    stdout: '1\n',
  })
  expect(withCache(directory, (cache) => [...cache.keys()])).toEqual(['e', 'f'])
})

test.concurrent('info, tags and stats tell what is there, also of a FanoutCache', async ({ folder }) => {
  const directory = join(folder, 'fanout')
  using cache = new FanoutCache(directory, { shards: 2, statistics: true })
  for (let at = 0; at < 10; at++) cache.set(at, 'v', { tag: at < 4 ? 'few' : 'many' })
  cache.get(1)
  cache.get('nothing')
  const info = JSON.parse((await run(['info', directory, '--json'])).stdout)
  expect(info).toMatchObject({ kind: 'fanout', entries: 10, expired: 0, facts: { parts: 2 } })
  expect((await run(['tags', directory])).stdout).toBe('many\t6\t6\nfew\t4\t4\n')
  const stats = await run(['stats', directory, '--watch', '--times', '2', '--interval', '10ms', '--json'])
  expect(
    stats.stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line).hits),
  ).toEqual([0, 0])
})

test.concurrent('wrong use is one line with the way out, and exits with 2', async ({ directory, folder }) => {
  mkdirSync(join(folder, 'other'))
  const cases: [string[], string][] = [
    [['kyes', directory], 'Did you mean keys?'],
    [[directory], 'the directory comes after it'],
    [['keys'], 'missing required argument'],
    [['keys', directory, '--sorty', 'key'], 'Did you mean --sort?'],
    [['keys', directory, '--limit', '0'], 'is not a limit'],
    [['set', directory, 'a'], 'needs either a value'],
    [['set', directory, 'a', 'b', '--ttl', '5'], 'is not a duration'],
    [['set', directory, 'a', '{', '--json'], 'is not JSON'],
    [['set', directory, 'a', '[12345678901234567890]', '--json'], '12345678901234567890 is no number'],
    [['set', directory, 'a', '--file', join(folder, 'none')], 'ENOENT'],
    [['set', directory, 'a', '--file', folder], `"${folder}": it is a directory; name a file`],
    [['set', directory, 'a', '--file', folder, '--json'], `"${folder}": it is a directory; name a file`],
    [['set', directory, 'a', 'b', '--secret-file', folder], `"${folder}": it is a directory; name a file`],
    [['export', directory, '--output', folder], `"${folder}" is a directory; name a file`],
    [['import', directory, folder], `"${folder}" is a directory; name a file`],
    [['stats', directory, '--times', '2'], '--interval and --times are for --watch'],
    [['stats', directory, '--interval', '2s'], '--interval and --times are for --watch'],
    [['get', directory, 'x', '--key-type', 'number'], 'is not a number'],
    [['info', join(folder, 'other')], `caches beside it: "${directory}"`],
    [['set', join(folder, 'new\x1b[2J'), 'a', 'b'], 'there is no'],
  ]
  const ends = await Promise.all(cases.map(([words]) => run(words)))
  for (const [at, { code, stdout, stderr }] of ends.entries()) {
    expect([code, stdout], stderr).toEqual([2, ''])
    expect(stderr).toContain(cases[at]![1])
    expect(stderr).toMatch(/^diskcache: [\x20-\x7e]+\n$/)
  }
  expect(readdirSync(folder).sort()).toEqual(['cache', 'other'])
})

test.runIf(existsSync('/dev/full'))(
  'output that cannot be written is told on one line',
  async ({ directory }) => {
    withCache(directory, (cache) => cache.set('a', 'v'.repeat(100_000)))
    for (const words of [`keys '${directory}' --json`, `get '${directory}' a --raw`, '--help']) {
      const { code, stderr } = await runShell(`diskcache ${words} > /dev/full`)
      expect({ code, stderr }).toEqual({
        code: 2,
        stderr: expect.stringMatching(/^diskcache: the output cannot be written: ENOSPC.*\n$/),
      })
    }
  },
)

test.concurrent('what looks leaves no trace, and needs no lock', async ({ directory }) => {
  withCache(directory, (cache) => cache.set('a', 'v'.repeat(100_000), { tag: 'x' }))
  const before = traces(directory)
  const ends = await Promise.all(LOOKS.map(([name, ...words]) => run([name, directory, ...words])))
  expect(ends.map(({ code, stderr }) => ({ code, stderr }))).toEqual(
    ends.map(() => ({ code: 0, stderr: '' })),
  )
  expect(traces(directory)).toEqual(before)

  withCache(directory, (cache) =>
    cache.transact(() => {
      cache.set('b', 1)
      for (const [name, ...words] of LOOKS) expect(runNow([name, directory, ...words])).toBe(0)
    }),
  )
})

test.concurrent('get tells that a value is damaged, and gives what is stored', async ({ folder }) => {
  const directory = join(folder, 'damaged')
  withCache(directory, (cache) => cache.set('a', 'v'.repeat(100_000)))
  const file = readdirSync(directory, { recursive: true }).find((name) => String(name).endsWith('.val'))
  writeFileSync(join(directory, String(file)), 'w'.repeat(100_000))
  const [shown, json, raw, stored] = await Promise.all(
    [[], ['--json'], ['--raw'], ['--stored']].map((words) => run(['get', directory, 'a', ...words])),
  )
  expect(shown).toMatchObject({ code: 2, stderr: expect.stringContaining('damaged') })
  expect(JSON.parse(json!.stdout).problem).toContain('damaged')
  // Bytes that are written as they are read are known to be wrong in the end.
  expect(raw).toMatchObject({ code: 2, stderr: expect.stringContaining('ERR_DISKCACHE_CORRUPT') })
  expect([stored!.code, stored!.stdout.replaceAll('w', '')]).toEqual([0, ''])
})

test.concurrent('what is broken off exits with 130', async ({ directory }) => {
  const child = startCommand(['stats', directory, '--watch', '--interval', '10ms'])
  child.stdout.once('data', () => child.kill('SIGINT'))
  expect(await new Promise((settle) => child.once('exit', settle))).toBe(130)
})

/** Each file with its content and times. */
function traces(directory: string): unknown[] {
  return readdirSync(directory, { recursive: true, withFileTypes: true }).map((entry) => {
    const path = join(entry.parentPath, entry.name)
    const { mtimeMs, ctimeMs } = statSync(path)
    const sum = entry.isFile() ? createHash('sha256').update(readFileSync(path)).digest('hex') : ''
    return { path, mtimeMs, ctimeMs, sum }
  })
}
