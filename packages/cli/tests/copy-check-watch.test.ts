import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { Cache } from '@diskcache/cache'
import { describe, expect } from 'vitest'
import { test, withCache } from './command-test.ts'
import { HAS_TERMINALS, run, runInTerminal, startCommand } from './run-command.ts'

const LARGE = 'x'.repeat(50_000)

/** Removes a value file of a cache, and returns its name. */
function loseFile(directory: string): string {
  const names = readdirSync(directory, { recursive: true, encoding: 'utf8' })
  const name = names.find((one) => one.endsWith('.val')) ?? ''
  rmSync(join(directory, name))
  return name
}

describe.concurrent('copy', () => {
  test('copies a cache that is open elsewhere, and says how much', async ({ directory, folder }) => {
    using cache = new Cache(directory)
    for (let n = 0; n < 10; n++) cache.set(n, LARGE)
    const target = join(folder, 'copy')
    const copied = await run(['copy', directory, target])
    expect(copied).toMatchObject({ code: 0, stderr: '' })
    expect(copied.stdout).toMatch(/^10\t5\d{5}\n$/)
    expect(withCache(target, (copy) => [copy.size, copy.get(3), copy.check()])).toEqual([10, LARGE, []])
    const again = await run(['copy', directory, target])
    expect(again).toMatchObject({ code: 2, stdout: '' })
    expect(again.stderr).toMatch(/^diskcache: Cannot copy to .*there already.*\n$/)
    cache.clear()
    const replaced = await run(['copy', directory, target, '--replace', '--json'])
    expect(JSON.parse(replaced.stdout)).toMatchObject({ stores: [{ store: '.', entries: 0, problems: [] }] })
    expect(readdirSync(folder).sort()).toEqual(['cache', 'copy'])
  })

  test('leaves out what has lost its file, with a remark and the exit code 1', async ({ folder }) => {
    const source = join(folder, 'damaged')
    withCache(source, (cache) => cache.setMany([1, 2].map((n) => [n, LARGE] as const)))
    loseFile(source)
    const { code, stdout, stderr } = await run(['copy', source, join(folder, 'copy')])
    expect(code).toBe(1)
    expect(stdout).toMatch(/^1\t/)
    expect(stderr).toMatch(/^1 entry left out: the cache has lost their files/)
  })

  test('fails in one line where there is nothing to copy, or no place', async ({ directory, folder }) => {
    for (const [source, target, line] of [
      [join(folder, 'missing'), join(folder, 'copy'), /there is no/],
      [folder, join(folder, 'copy'), /not a cache itself/],
      ['redis://localhost', join(folder, 'copy'), /only directories/],
      [directory, join(folder, 'no', 'such', 'place'), /not there/],
      [directory, join(directory, 'inner'), /inside the other/],
    ] as const) {
      const { code, stdout, stderr } = await run(['copy', source, target])
      expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
      expect(stderr).toMatch(line)
      expect(stderr.trimEnd().split('\n')).toHaveLength(1)
    }
    expect(readdirSync(folder)).toEqual(['cache'])
  })

  test('leaves nothing behind when it is broken off', async ({ folder }) => {
    const source = join(folder, 'source')
    withCache(source, (cache) => cache.setMany(Array.from({ length: 2_000 }, (_, n) => [n, LARGE] as const)))
    const child = startCommand(['copy', source, join(folder, 'copy')])
    const end = new Promise((resolve) => child.once('exit', resolve))
    // It is under way when there is something beside the place of the copy.
    while (!readdirSync(folder).some((name) => name.startsWith('copy.partial-'))) await pause(5)
    child.kill('SIGINT')
    expect(await end).toBe(130)
    expect(readdirSync(folder)).toEqual(['source'])
  })
})

describe.concurrent('check', () => {
  test('finds nothing in a sound cache, and writes nothing', async ({ directory }) => {
    withCache(directory, (cache) => cache.set('a', LARGE))
    const before = readdirSync(directory, { recursive: true })
    expect(await run(['check', directory])).toEqual({ code: 0, stdout: '', stderr: '' })
    expect(JSON.parse((await run(['check', directory, '--json'])).stdout)).toEqual({ problems: [], left: [] })
    expect(readdirSync(directory, { recursive: true })).toEqual(before)
  })

  test('tells what is wrong with the exit code 1, and mends it with --fix', async ({ directory }) => {
    withCache(directory, (cache) => cache.setMany([1, 2].map((n) => [n, LARGE] as const)))
    const name = loseFile(directory)
    const found = await run(['check', directory])
    expect(found).toEqual({ code: 1, stdout: `missing-file\tFile ${name} is missing\n`, stderr: '' })
    const fixed = await run(['check', directory, '--fix', '--json'])
    expect(fixed.code).toBe(0)
    expect(JSON.parse(fixed.stdout)).toMatchObject({ problems: [{ kind: 'missing-file' }], left: [] })
    expect(await run(['check', directory])).toEqual({ code: 0, stdout: '', stderr: '' })
  })

  test('tells of a database that cannot be opened as of any other problem', async ({ folder }) => {
    const source = join(folder, 'damaged')
    mkdirSync(source)
    writeFileSync(join(source, 'cache.db'), 'x'.repeat(10_000))
    const { code, stdout } = await run(['check', source])
    expect(code).toBe(1)
    expect(stdout).toMatch(/^integrity\t/)
    const fixed = await run(['check', source, '--fix'])
    expect(fixed).toMatchObject({ code: 2, stdout: '' })
    expect(fixed.stderr).toMatch(/the next program that opens the cache for writing/)
    expect(fixed.stderr).not.toContain('--fix')
    expect(readFileSync(join(source, 'cache.db'), 'utf8')).toBe('x'.repeat(10_000))
  })

  test.skipIf(!HAS_TERMINALS)('says in words that all is well', async ({ directory }) => {
    expect((await runInTerminal(80, ['check', directory])).stdout).toBe('All is well.\r\n')
  })
})

describe.concurrent('watch', () => {
  test('tells what other processes do, live, and ends with 130', async ({ directory }) => {
    using cache = new Cache(directory)
    cache.setMany([
      ['old', 1],
      ['gone', LARGE],
    ])
    using watch = new Watch(['watch', directory, '--interval', '20ms'])
    await watch.begun
    cache.set('new', 'text', { ttl: 3_600_000 })
    expect(await watch.next()).toEqual(['set', '4', expect.stringMatching(/^20.*Z$/), 'new'])
    cache.set('old', 22)
    expect(await watch.next()).toEqual(['set', expect.any(String), '-', 'old'])
    cache.touch('new', { ttl: 7_200_000 })
    expect((await watch.next()).at(0)).toBe('touch')
    cache.delete('gone')
    expect(await watch.next()).toEqual(['delete', '50000', '-', 'gone'])
    cache.set('line 1\nline 2\x1b[2J', 'x', { ttl: 50 })
    expect((await watch.next()).at(3)).toBe('line 1\\nline 2\\x1b[2J')
    expect((await watch.next()).at(0)).toBe('expire')
    expect(await watch.end()).toBe(130)
  })

  test('tells of one prefix, as JSON, of a FanoutCache and of writers that come and go', async ({
    folder,
  }) => {
    const source = join(folder, 'fanout')
    const set = (key: string) => run(['set', source, key, 'value', '--create'])
    const { FanoutCache } = await import('@diskcache/fanout')
    new FanoutCache(source, { shards: 2 }).close()
    using watch = new Watch(['watch', source, '--prefix', 'a:', '--json', '--interval', '20ms'])
    await watch.begun
    await set('b:1')
    await set('a:1')
    const line = JSON.parse(await watch.nextLine())
    expect(line).toMatchObject({ change: 'set', key: 'a:1', id: expect.any(String), expireTime: null })
    await run(['delete', source, 'a:1'])
    expect(JSON.parse(await watch.nextLine())).toMatchObject({ change: 'delete', key: 'a:1' })
    expect(await watch.end()).toBe(130)
  })
})

test('watch refuses an interval that would be none', async ({ directory }) => {
  for (const interval of ['0', 'never', '5'])
    expect(await run(['watch', directory, '--interval', interval])).toMatchObject({ code: 2, stdout: '' })
})

/** A command that runs, and its lines. */
class Watch implements Disposable {
  readonly #child: ReturnType<typeof startCommand>
  readonly #lines: AsyncIterator<string>
  /** Resolves when it says that it watches. */
  readonly begun: Promise<unknown>

  constructor(words: readonly string[]) {
    this.#child = startCommand(words)
    this.#lines = createInterface(this.#child.stdout)[Symbol.asyncIterator]()
    this.begun = new Promise((resolve) => this.#child.stderr.once('data', resolve))
  }

  async nextLine(): Promise<string> {
    return (await this.#lines.next()).value
  }

  /** Returns the cells of the next line but for the time. */
  async next(): Promise<string[]> {
    return (await this.nextLine()).split('\t').slice(1)
  }

  end(): Promise<number | null> {
    const code = new Promise<number | null>((resolve) => this.#child.once('exit', resolve))
    this.#child.kill('SIGINT')
    return code
  }

  [Symbol.dispose](): void {
    this.#child.kill('SIGKILL')
  }
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds))
}
