import { stripVTControlCharacters } from 'node:util'
import { describe, expect } from 'vitest'
import { textWidth } from '../src/terminal/text-width.ts'
import { HOSTILE_KEYS, test, withCache } from './command-test.ts'
import { HAS_TERMINALS, run, runInTerminal } from './run-command.ts'

// biome-ignore lint/suspicious/noControlCharactersInRegex: what colours and line ends may have
const ALLOWED = /\x1b\[\d*m|\r\n/g

// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
const CONTROLS = /[\x00-\x1f\x7f-\x9f\u202a-\u202e]/

describe.skipIf(!HAS_TERMINALS).concurrent('in a pseudo-terminal, where script is there', () => {
  for (const columns of [60, 120]) {
    test(`tables fit ${columns} columns, whatever the keys are, which send nothing to it`, async ({
      directory,
    }) => {
      withCache(directory, (cache) => {
        for (const key of HOSTILE_KEYS) cache.set(key, 'a\x1b[31m\x07red', { tag: ['\x1b[5m blink', 'タグ'] })
      })
      const { code, stdout } = await runInTerminal(columns, ['keys', directory])
      expect(code).toBe(0)
      expect(stdout.replaceAll(ALLOWED, '')).not.toMatch(CONTROLS)
      const lines = stripVTControlCharacters(stdout).trimEnd().split('\r\n')
      expect(lines).toHaveLength(HOSTILE_KEYS.length + 1)
      expect(Math.max(...lines.map(textWidth))).toBeLessThanOrEqual(columns)
      expect(stdout).toContain('\x1b[2mkey')
      const json = await runInTerminal(columns, ['keys', directory, '--json'])
      expect(json.stdout.replaceAll(ALLOWED, '')).not.toMatch(CONTROLS)
    })
  }

  test('a value sends nothing to the terminal, and its lines stay', async ({ directory }) => {
    withCache(directory, (cache) => cache.set('a', 'one\x1b]0;owned\x07\ntwo'))
    expect((await runInTerminal(80, ['get', directory, 'a'])).stdout).toBe('one\\x1b]0;owned\\x07\r\ntwo\r\n')
  })

  test('of 3,000 entries people get 100, and are told of the others', async ({ directory }) => {
    withCache(directory, (cache) =>
      cache.setMany(Array.from({ length: 3_000 }, (_, at) => [at, at] as const)),
    )
    const [few, some] = await Promise.all([
      runInTerminal(80, ['keys', directory, '--no-color']),
      runInTerminal(80, ['keys', directory, '--limit', '2', '--sort', 'hits']),
    ])
    expect(few.stdout.split('\r\n')).toHaveLength(1 + 100 + 1 + 1)
    expect(few.stdout).toContain('--limit all')
    expect(few.stdout).not.toContain('\x1b')
    expect(some.stdout.split('\r\n')).toHaveLength(1 + 2 + 1)
  })

  test('an empty cache is told of; info has words; NO_COLOR takes the colours away', async ({
    directory,
  }) => {
    const env = { NO_COLOR: '1' }
    const [keys, info] = await Promise.all([
      runInTerminal(60, ['keys', directory], { env }),
      runInTerminal(60, ['info', directory], { env }),
    ])
    expect(keys.stdout).toBe('There are none.\r\n')
    expect(info.stdout).toMatch(/volume +\S+ \w+ of 1 GiB/)
    expect(info.stdout).not.toContain('\x1b')
  })

  test('clear asks, and no is no, as is Ctrl+D; Ctrl+C breaks off', async ({ directory }) => {
    withCache(directory, (cache) => cache.set('a', 1))
    const no = await runInTerminal(80, ['clear', directory], { input: 'n\n' })
    expect(no.stdout).toContain('Remove 1 entry from')
    expect(no.code).toBe(1)
    const end = await runInTerminal(80, ['clear', directory], { input: '\x04', after: '[y/N]' })
    expect(end.stdout).toContain('Nothing was removed.')
    expect(end.code).toBe(1)
    expect((await run(['get', directory, 'a'])).code).toBe(0)
    const broken = await runInTerminal(80, ['clear', directory], { input: '\x03', after: '[y/N]' })
    expect(broken.code).toBe(130)
    expect((await run(['get', directory, 'a'])).code).toBe(0)
    const yes = await runInTerminal(80, ['clear', directory], { input: 'y\n' })
    expect(yes.stdout).toContain('1 entry removed')
    expect(yes.code).toBe(0)
  })
})
