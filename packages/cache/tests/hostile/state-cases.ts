import { spawnSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'vitest'
import { craft, makeCache } from './raw-database.ts'

export interface StateCase {
  readonly what: string
  /** Makes the directory. */
  make(directory: string, outside: string): unknown
  /** How opening ends: an error's code, or that it works. */
  readonly open: unknown
}

const CORRUPT = 'ERR_DISKCACHE_CORRUPT'
const FORMAT = 'ERR_DISKCACHE_FORMAT'
const ANY_CODE = expect.stringMatching(/^ERR_DISKCACHE_/)
const WORKS = undefined

const withFile = (name: string, content: string | Buffer) => (directory: string) => {
  writeFileSync(join(directory, name), content)
}

const withCacheAnd =
  (change: (directory: string, outside: string) => unknown) => (directory: string, outside: string) => {
    makeCache(directory)
    change(directory, outside)
  }

/** What `cache.db` and the files beside it may be. */
export const STATE_CASES: readonly StateCase[] = [
  { what: 'cache.db that is empty', make: withFile('cache.db', ''), open: WORKS },
  { what: 'cache.db that is text', make: withFile('cache.db', 'a text '.repeat(1_000)), open: CORRUPT },
  { what: 'cache.db that is a short text', make: withFile('cache.db', 'text'), open: CORRUPT },
  { what: 'cache.db that is zeros', make: withFile('cache.db', Buffer.alloc(8_192)), open: WORKS },
  { what: 'cache.db that is only the magic', make: withFile('cache.db', 'SQLite format 3\0'), open: WORKS },
  {
    what: 'cache.db that is a directory',
    make: (directory) => mkdirSync(join(directory, 'cache.db')),
    open: ANY_CODE,
  },
  {
    what: 'cache.db of another application',
    make: (directory) => craft(directory, (database) => database.exec('CREATE TABLE users (name TEXT)')),
    open: FORMAT,
  },
  {
    what: 'cache.db of a newer version',
    make: withCacheAnd((directory) => craft(directory, (database) => database.pragma('user_version = 9900'))),
    open: FORMAT,
  },
  {
    what: 'cache.db of a negative version',
    make: withCacheAnd((directory) => craft(directory, (database) => database.pragma('user_version = -100'))),
    open: WORKS,
  },
  {
    what: 'cache.db that links to an empty file outside',
    make: (directory, outside) => {
      writeFileSync(join(outside, 'empty'), '')
      symlinkSync(join(outside, 'empty'), join(directory, 'cache.db'))
    },
    open: ANY_CODE,
  },
  {
    what: 'cache.db that links to a cache outside',
    make: (directory, outside) => {
      makeCache(join(outside, 'cache'))
      symlinkSync(join(outside, 'cache', 'cache.db'), join(directory, 'cache.db'))
    },
    open: ANY_CODE,
  },
  {
    what: 'cache.db that links to nothing',
    make: (directory, outside) => symlinkSync(join(outside, 'nothing'), join(directory, 'cache.db')),
    open: ANY_CODE,
  },
  {
    what: 'a write-ahead log of garbage',
    make: withCacheAnd(withFile('cache.db-wal', Buffer.alloc(10_000, 'garbage'))),
    open: WORKS,
  },
  {
    what: 'a write-ahead log of another database',
    make: withCacheAnd((directory) => copyLog(directory, join(directory, 'cache.db-wal'))),
    open: WORKS,
  },
  {
    what: 'shared memory of garbage',
    make: withCacheAnd(withFile('cache.db-shm', Buffer.alloc(32_768, 'garbage'))),
    open: WORKS,
  },
  ...['-journal', '-wal', '-shm'].flatMap((name) => [
    {
      what: `cache.db${name} that is a pipe`,
      make: withCacheAnd((directory) => spawnSync('mkfifo', [join(directory, `cache.db${name}`)])),
      open: FORMAT,
    },
    {
      what: `cache.db${name} that links outside`,
      make: withCacheAnd((directory, outside) =>
        symlinkSync(join(outside, 'precious'), join(directory, `cache.db${name}`)),
      ),
      open: FORMAT,
    },
    {
      what: `cache.db${name} that links to a device`,
      make: withCacheAnd((directory) => symlinkSync('/dev/zero', join(directory, `cache.db${name}`))),
      open: FORMAT,
    },
    {
      what: `cache.db${name} that is a directory`,
      make: withCacheAnd((directory) => mkdirSync(join(directory, `cache.db${name}`))),
      open: FORMAT,
    },
    {
      what: `cache.db${name} of 1 TiB, all of it holes`,
      make: withCacheAnd((directory) => makeHollow(join(directory, `cache.db${name}`))),
      open: WORKS,
    },
  ]),
  {
    what: 'cache.db that is a pipe',
    make: (directory) => spawnSync('mkfifo', [join(directory, 'cache.db')]),
    open: FORMAT,
  },
  {
    what: 'cache.db of 1 TiB, nearly all of it holes',
    make: withCacheAnd((directory) => makeHollow(join(directory, 'cache.db'))),
    open: FORMAT,
  },
  ...['cache.db-reserve', 'cache.db-probe', 'CACHEDIR.TAG', 'cache.db-damaged-1'].flatMap((name) => [
    {
      what: `${name} that links outside`,
      make: withCacheAnd((directory, outside) => {
        rmSync(join(directory, name), { force: true })
        symlinkSync(join(outside, 'precious'), join(directory, name))
      }),
      open: WORKS,
    },
    {
      what: `${name} that is a pipe`,
      make: withCacheAnd((directory) => {
        rmSync(join(directory, name), { force: true })
        spawnSync('mkfifo', [join(directory, name)])
      }),
      open: WORKS,
    },
  ]),
  {
    what: 'a rollback journal of garbage',
    make: withCacheAnd(withFile('cache.db-journal', Buffer.alloc(10_000, 'garbage'))),
    open: WORKS,
  },
]

function makeHollow(path: string): void {
  if (!existsSync(path)) writeFileSync(path, '')
  truncateSync(path, 2 ** 40)
}

/** The log of a cache that is in use, which was never copied into its database. */
function copyLog(directory: string, target: string): void {
  const other = `${directory}-other`
  makeCache(other)
  craft(other, (database) => {
    database.exec("UPDATE Cache SET value = 'of another cache' WHERE key = 'text'")
    cpSync(join(other, 'cache.db-wal'), target)
  })
  rmSync(other, { recursive: true })
}
