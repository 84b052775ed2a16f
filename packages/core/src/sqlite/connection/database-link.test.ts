import { mkdtempSync, renameSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { Disk } from '../../codec/disk.ts'
import { CacheDirectory } from '../cache-directory.ts'
import type { Engine, SqliteStatement } from './engine.ts'
import { TEST_ENGINE } from './test-engine.ts'

/** SQLite, whose database is replaced once, after it was first read from. */
function replacedEngine(path: string): Engine {
  let isReplaced = false
  return {
    ...TEST_ENGINE,
    Database: class extends TEST_ENGINE.Database {
      override prepare(sql: string): SqliteStatement {
        const statement = super.prepare(sql)
        if (!sql.includes('FROM Settings') || isReplaced) return statement
        isReplaced = true
        renameSync(path, `${path} moved`)
        open(TEST_ENGINE, path).close()
        return statement
      }
    },
  }
}

function open(engine: Engine, path: string): CacheDirectory {
  return new CacheDirectory(path, { engine, settings: {}, timeout: 100, readonly: false, disk: Disk })
}

test('DatabaseLink does not take files for its own that were put in their place while it opened them', () => {
  const root = mkdtempSync(join(tmpdir(), 'diskcache-test-'))
  const path = join(root, 'cache')
  open(TEST_ENGINE, path).close()
  const directory = open(replacedEngine(path), path)
  directory.connection.lookNow()
  directory.addToCounter('hits', 7)
  const other = open(TEST_ENGINE, path)
  expect(other.counter('hits')).toBe(7)
  for (const each of [directory, other]) each.close()
  rmSync(root, { recursive: true })
})
