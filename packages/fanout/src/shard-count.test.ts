import { execFileSync } from 'node:child_process'
import {
  linkSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { directoryTest as test } from '@diskcache/testkit'
import { describe, expect, onTestFinished, vi } from 'vitest'
import { agreeOnShards, shardDirectory } from './shard-count.ts'

const WRITING = { readonly: false, onCorrupt: 'quarantine', settings: {}, initialSettings: {} } as const
const READING = { ...WRITING, readonly: true } as const
const THROWING = { ...WRITING, onCorrupt: 'throw' } as const

function makeShards(directory: string, count: number): void {
  for (let i = 0; i < count; i++) {
    mkdirSync(shardDirectory(directory, i))
    writeFileSync(join(shardDirectory(directory, i), 'cache.db'), '')
  }
}

describe('agreeOnShards()', () => {
  test('takes 8 for a new directory, and finds them again', ({ directory }) => {
    expect(agreeOnShards(directory, undefined, WRITING)).toBe(8)
    expect(agreeOnShards(directory, undefined, WRITING)).toBe(8)
    expect(readdirSync(directory)).toEqual(['cache.db-shards'])
  })

  test('takes the number that is wanted, once', ({ directory }) => {
    expect(agreeOnShards(directory, 3, WRITING)).toBe(3)
    expect(agreeOnShards(directory, 3, WRITING)).toBe(3)
  })

  test('refuses another number, and says what to do', ({ directory }) => {
    agreeOnShards(directory, 3, WRITING)
    expect(() => agreeOnShards(directory, 4, WRITING)).toThrow(
      expect.objectContaining({
        code: 'ERR_DISKCACHE_SHARDS',
        message: expect.stringMatching(/with 4 shards: it has 3; leave the option shards out/),
      }),
    )
  })

  test('counts the shards that Python made, and records them', ({ directory }) => {
    makeShards(directory, 5)
    utimesSync(directory, 0, 0)
    expect(() => agreeOnShards(directory, 8, READING)).toThrow(/it has 5/)
    expect(agreeOnShards(directory, undefined, WRITING)).toBe(5)
    expect(agreeOnShards(directory, 5, WRITING)).toBe(5)
  })

  test('refuses more shards than are recorded, as Python makes them when it is opened with more', ({
    directory,
  }) => {
    agreeOnShards(directory, 3, WRITING)
    makeShards(directory, 4)
    expect(() => agreeOnShards(directory, undefined, WRITING)).toThrow(
      expect.objectContaining({ code: 'ERR_DISKCACHE_SHARDS', message: expect.stringMatching(/it has 4/) }),
    )
  })

  test('writes nothing when it may only read', ({ directory }) => {
    expect(agreeOnShards(directory, undefined, READING)).toBe(8)
    expect(readdirSync(directory)).toEqual([])
  })

  for (const text of ['', '8', '0\n', '1001\n', '-1\n', '8\nx', '0x8\n', '\0\0']) {
    test(`counts the shards in the place of a record of ${JSON.stringify(text)}`, ({ directory }) => {
      makeShards(directory, 3)
      const record = join(directory, 'cache.db-shards')
      writeFileSync(record, text)
      expect(agreeOnShards(directory, undefined, READING)).toBe(3)
      expect(readFileSync(record, 'utf8')).toBe(text)
      expect(() => agreeOnShards(directory, undefined, THROWING)).toThrow(
        expect.objectContaining({ code: 'ERR_DISKCACHE_FORMAT' }),
      )
      expect(agreeOnShards(directory, undefined, WRITING)).toBe(3)
      expect(readFileSync(record, 'utf8')).toBe('3\n')
    })

    test(`throws ERR_DISKCACHE_FORMAT for a record of ${JSON.stringify(text)} without shards`, ({
      directory,
    }) => {
      writeFileSync(join(directory, 'cache.db-shards'), text)
      expect(() => agreeOnShards(directory, undefined, WRITING)).toThrow(
        expect.objectContaining({ code: 'ERR_DISKCACHE_FORMAT' }),
      )
    })
  }
})

describe('agreeOnShards() takes the record for what it is', () => {
  const SECRET = 'PASSWORD=hunter2'

  test.for([
    ['a link to a file', (record, outside) => symlinkSync(outside, record)],
    ['a second name of a file', (record, outside) => linkSync(outside, record)],
    ['a link to nothing', (record) => symlinkSync('/nowhere', record)],
    ['a link to a device', (record) => symlinkSync('/dev/zero', record)],
    ['a pipe', (record) => execFileSync('mkfifo', [record])],
    ['a directory', (record) => mkdirSync(record)],
    ['1 TiB of holes', (record) => makeHollow(record, 2 ** 40)],
  ] as [string, (record: string, outside: string) => void][])(
    'refuses a record that is %s, and tells nothing of it',
    ([, make], { directory }) => {
      const [own, outside] = [join(directory, 'own'), join(directory, 'secret')]
      mkdirSync(own)
      writeFileSync(outside, `${SECRET}\n`)
      make(join(own, 'cache.db-shards'), outside)
      for (const options of [WRITING, READING, THROWING])
        expect(() => agreeOnShards(own, undefined, options)).toThrow(
          expect.objectContaining({
            code: 'ERR_DISKCACHE_FORMAT',
            message: expect.not.stringContaining('PASSW'),
          }),
        )
      expect(readFileSync(outside, 'utf8')).toBe(`${SECRET}\n`)
    },
  )

  test('puts a record in the place of a link, when there are shards', ({ directory }) => {
    makeShards(directory, 3)
    const outside = join(directory, 'secret')
    writeFileSync(outside, SECRET)
    symlinkSync(outside, join(directory, 'cache.db-shards'))
    expect(agreeOnShards(directory, undefined, WRITING)).toBe(3)
    expect(lstatSync(join(directory, 'cache.db-shards')).isFile()).toBe(true)
    expect(readFileSync(outside, 'utf8')).toBe(SECRET)
  })

  test('does not wait for shards that were made in a time to come', ({ directory }) => {
    makeShards(directory, 3)
    utimesSync(directory, Date.now() / 1_000 + 9_999, Date.now() / 1_000 + 9_999)
    const wait = vi.spyOn(Atomics, 'wait')
    expect(agreeOnShards(directory, undefined, WRITING)).toBe(3)
    expect(wait).not.toHaveBeenCalled()
    wait.mockRestore()
  })
})

describe('shardDirectory()', () => {
  test('refuses a link', ({ directory }) => {
    symlinkSync(directory, join(directory, '001'))
    expect(shardDirectory(directory, 0)).toBe(join(directory, '000'))
    expect(() => shardDirectory(directory, 1)).toThrow(
      expect.objectContaining({ code: 'ERR_DISKCACHE_FORMAT' }),
    )
  })
})

function makeHollow(path: string, size: number): void {
  writeFileSync(path, '')
  truncateSync(path, size)
}

for (const offset of [-3_600_000, 0, 3_600_000]) {
  test(`agreeOnShards() waits for a shard that Python makes while the clocks are fake, ${offset} ms off`, ({
    directory,
  }) => {
    makeShards(directory, 5)
    const pauses = vi.spyOn(Atomics, 'wait').mockImplementation(() => {
      const { length } = pauses.mock.calls
      if (length === 1) mkdirSync(shardDirectory(directory, 5))
      if (length > 1_000) throw new Error('endless')
      return 'timed-out'
    })
    vi.useFakeTimers({ now: Date.now() + offset })
    onTestFinished(() => {
      vi.restoreAllMocks()
      vi.useRealTimers()
    })
    expect(agreeOnShards(directory, undefined, WRITING)).toBe(6)
  })
}
