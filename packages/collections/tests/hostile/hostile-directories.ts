import { spawnSync } from 'node:child_process'
import { linkSync, mkdirSync, rmSync, symlinkSync, truncateSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Deque, Index } from '@diskcache/collections'
import { FanoutCache } from '@diskcache/fanout'
import { FILE_CASES, SECRET } from '../../../cache/tests/hostile/file-cases.ts'
import { craft, insertRow, makeCache } from '../../../cache/tests/hostile/raw-database.ts'
import { SCHEMA_CASES } from '../../../cache/tests/hostile/schema-cases.ts'
import { STATE_CASES } from '../../../cache/tests/hostile/state-cases.ts'
import { STORE_KINDS, type StoreKind } from './open-any-store.ts'

/** A directory that somebody made who means harm, to be opened as a store. */
export interface HostileDirectory {
  readonly what: string
  readonly kind: StoreKind
  /** Makes it; `outside` has a file that nobody may read or change. */
  make(directory: string, outside: string): void
}

/** A change of the directory that has the database. */
interface Change {
  readonly what: string
  change(directory: string, outside: string): unknown
}

/** What is tried in a directory of every kind: every third schema, and what may lie beside the database. */
const CHANGES: readonly Change[] = [
  ...SCHEMA_CASES.filter((_, i) => i % 3 === 0).map(({ what, sql }) => ({
    what,
    change: (directory: string) => craft(directory, (database) => database.exec(sql)),
  })),
  ...['cache.db', 'cache.db-journal', 'cache.db-wal', 'cache.db-shm'].flatMap((name): Change[] => [
    { what: `${name} that is a pipe`, change: (directory) => makePipe(join(directory, name)) },
    {
      what: `${name} that links outside`,
      change: (directory, outside) => makeLink(join(outside, 'precious'), join(directory, name)),
    },
  ]),
  {
    what: 'a database with garbage in the middle',
    change: (directory) => truncateSync(join(directory, 'cache.db'), 5_000),
  },
]

const RECORD = 'cache.db-shards'

/** What is tried in a `FanoutCache` alone. */
const FANOUT_CHANGES: readonly Change[] = [
  {
    what: 'a record that links outside',
    change: (directory, outside) => makeLink(join(outside, 'precious'), join(directory, RECORD)),
  },
  {
    what: 'a record that is another name of a file outside',
    change: (directory, outside) => {
      rmSync(join(directory, RECORD))
      linkSync(join(outside, 'precious'), join(directory, RECORD))
    },
  },
  { what: 'a record that is a pipe', change: (directory) => makePipe(join(directory, RECORD)) },
  {
    what: 'a record that links to a device',
    change: (directory) => makeLink('/dev/zero', join(directory, RECORD)),
  },
  { what: 'a record of 1 TiB', change: (directory) => truncateSync(join(directory, RECORD), 2 ** 40) },
  { what: 'a record of 999 shards', change: (directory) => writeFileSync(join(directory, RECORD), '9999\n') },
  {
    what: 'a record that is a directory',
    change: (directory) => {
      rmSync(join(directory, RECORD))
      mkdirSync(join(directory, RECORD))
    },
  },
  {
    what: 'no record, and a change in a time to come',
    change: (directory) => {
      rmSync(join(directory, RECORD))
      utimesSync(directory, 9_999_999_999, 9_999_999_999)
    },
  },
  ...['000', '001'].flatMap((name): Change[] => [
    {
      what: `a shard ${name} that links to a cache outside`,
      change: (directory, outside) => {
        makeCache(join(outside, 'cache'))
        makeLink(join(outside, 'cache'), join(directory, name))
      },
    },
    {
      what: `a shard ${name} that links to nothing`,
      change: (directory, outside) => makeLink(join(outside, 'missing'), join(directory, name)),
    },
    { what: `a shard ${name} that is a pipe`, change: (directory) => makePipe(join(directory, name)) },
  ]),
]

/** All hostile directories: a few hundred. */
export const HOSTILE_DIRECTORIES: readonly HostileDirectory[] = [
  ...SCHEMA_CASES.map(({ what, sql }) =>
    changed('cache', { what, change: (directory) => craft(directory, (database) => database.exec(sql)) }),
  ),
  ...FILE_CASES.map(({ what, make }) =>
    changed('cache', {
      what: `a row whose file is ${what}`,
      change: (directory, outside) => {
        rmSync(join(directory, 'ab'), { recursive: true, force: true })
        const filename = make(directory, outside)
        insertRow(directory, { mode: 2n, filename, size: BigInt(SECRET.length) })
      },
    }),
  ),
  ...STATE_CASES.map(({ what, make }): HostileDirectory => ({ what, kind: 'cache', make })),
  ...STORE_KINDS.filter((kind) => kind !== 'cache').flatMap((kind) =>
    CHANGES.map((change) => changed(kind, change)),
  ),
  ...FANOUT_CHANGES.map(
    ({ what, change }): HostileDirectory => ({
      what,
      kind: 'fanout',
      make(directory, outside) {
        makeSound('fanout', directory)
        change(directory, outside)
      },
    }),
  ),
]

function changed(kind: StoreKind, { what, change }: Change): HostileDirectory {
  return {
    what,
    kind,
    make(directory, outside) {
      makeSound(kind, directory)
      change(kind === 'fanout' ? join(directory, '000') : directory, outside)
    },
  }
}

/** Makes a store with some entries, and closes it. */
function makeSound(kind: StoreKind, directory: string): void {
  if (kind === 'cache') return makeCache(directory)
  if (kind === 'deque') return new Deque(directory, { values: ['a', 'b', { c: 1 }] }).close()
  using store = kind === 'fanout' ? new FanoutCache(directory, { shards: 2 }) : new Index(directory)
  for (const key of ['key', 'text', 'more', 'most']) store.set(key, [key])
}

function makePipe(path: string): void {
  rmSync(path, { recursive: true, force: true })
  spawnSync('mkfifo', [path])
}

function makeLink(target: string, path: string): void {
  rmSync(path, { recursive: true, force: true })
  symlinkSync(target, path)
}
