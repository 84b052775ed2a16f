import { copyFileSync, mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { Cache } from '@diskcache/cache'
import Database from 'better-sqlite3'
import type { Random } from '../../../../packages/cache/tests/processes/random.ts'
import type { FuzzTarget } from './fuzz-target.ts'

/** What is put into the statements of a schema. */
const WORDS = [
  ...['UNIQUE', 'CHECK (1)', 'DEFAULT (abs(1))', 'REFERENCES Cache (rowid)', 'COLLATE NOCASE', 'NOT NULL'],
  ...[
    'AS (1)',
    'WITHOUT ROWID',
    'STRICT',
    'node_x',
    'INTEGER',
    'PRIMARY KEY',
    ',',
    '(',
    ')',
    '--',
    '/*',
    '"',
    "'",
  ],
  ...[
    '\u00a0',
    '\v',
    ';',
    'IS NOT NULL',
    'WHERE 1',
    'BEGIN',
    'END',
    'Cache',
    'Settings',
    'sqlite_x',
    '0',
    ' ',
  ],
]

/** Schemas with changes in their statements: a cache that works, or is refused. */
export function schemaTarget(directory: string): FuzzTarget {
  const [sound, hostile] = [join(directory, 'sound'), join(directory, 'hostile')]
  const before = new Cache(sound, { tagIndex: true, evictionPolicy: 'least-frequently-used' })
  before.set('key', 'value', { tag: 'tag' })
  before.close()
  return {
    name: 'schemas',
    try(random) {
      rmSync(hostile, { recursive: true, force: true })
      mkdirSync(hostile)
      copyFileSync(join(sound, 'cache.db'), join(hostile, 'cache.db'))
      damage(join(hostile, 'cache.db'), random)
      const cache = new Cache(hostile)
      try {
        cache.get('key')
        cache.set('key', 'other')
        cache.delete('key')
      } finally {
        cache.close()
      }
    },
    [Symbol.dispose]() {},
  }
}

function damage(file: string, random: Random): void {
  const database = new Database(file)
  try {
    database.unsafeMode()
    database.pragma('writable_schema = ON')
    const rows = database.prepare('SELECT rowid, sql FROM sqlite_schema WHERE sql IS NOT NULL').all()
    const { rowid, sql } = random.pick(rows as { rowid: number; sql: string }[])
    if (random.chance(0.3)) copyObject(database, rowid, random)
    database.prepare('UPDATE sqlite_schema SET sql = ? WHERE rowid = ?').run(changed(sql, random), rowid)
    if (random.chance(0.1))
      database.pragma(`user_version = ${random.pick([0, 100, 200, 299, 300, -1, 9_999])}`)
  } finally {
    database.close()
  }
}

/** Adds an object of a later version, whose statement is not yet changed. */
function copyObject(database: Database.Database, rowid: number, random: Random): void {
  const name = random.pick(['node_x', 'other', 'sqlite_stat1'])
  database
    .prepare(
      `INSERT INTO sqlite_schema SELECT type, ?, CASE type WHEN 'table' THEN ? ELSE tbl_name END, rootpage,
       replace(replace(sql, name, ?), 'UNIQUE ', ?) FROM sqlite_schema WHERE rowid = ?`,
    )
    .run(name, name, name, random.pick(['', 'UNIQUE ']), rowid)
}

function changed(sql: string, random: Random): string {
  let text = sql
  for (let left = 1 + random.below(3); left > 0; left--) {
    const at = random.below(text.length + 1)
    const removed = random.chance(0.5) ? 0 : random.below(6)
    text = `${text.slice(0, at)} ${random.pick(WORDS)} ${text.slice(at + removed)}`
  }
  return text
}
