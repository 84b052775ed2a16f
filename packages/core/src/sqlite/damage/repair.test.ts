import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, onTestFinished, test, vi } from 'vitest'
import { Disk } from '../../codec/disk.ts'
import { CacheDirectory } from '../cache-directory.ts'
import type { Engine, SqliteStatement } from '../connection/engine.ts'
import { TEST_ENGINE } from '../connection/test-engine.ts'

let root: string
let failures = 0

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'diskcache-test-'))
  failures = 0
})

afterEach(() => rmSync(root, { recursive: true }))

/** SQLite, of which so many reads fail as they do when the disk cannot be read. */
const UNRELIABLE_ENGINE: Engine = {
  ...TEST_ENGINE,
  Database: class extends TEST_ENGINE.Database {
    override prepare(sql: string): SqliteStatement {
      const statement = super.prepare(sql)
      if (!sql.includes('FROM Settings WHERE key')) return statement
      const get = statement.get.bind(statement)
      statement.get = (...parameters) => {
        if (failures-- > 0) throw corrupt()
        return get(...parameters)
      }
      return statement
    }
  },
}

function corrupt(): Error {
  const error = new Error('database disk image is malformed')
  return Object.assign(error, { name: 'SqliteError', code: 'SQLITE_CORRUPT' })
}

function open(readonly = false): CacheDirectory {
  return new CacheDirectory(root, {
    engine: UNRELIABLE_ENGINE,
    settings: {},
    timeout: 100,
    readonly,
    disk: Disk,
    onCorrupt: 'quarantine',
  })
}

test('Repair takes a read that fails once for what it is, however often that happens', () => {
  const directory = open()
  directory.addToCounter('hits', 7)
  for (let i = 0; i < 10; i++) {
    failures = 1
    expect(directory.counter('hits')).toBe(7)
  }
  expect(readdirSync(root).filter((name) => name.includes('damaged'))).toEqual([])
  directory.connection.close()
})

test('Repair makes a database anew that goes on to fail, once, and then gives up', () => {
  const directory = open()
  directory.addToCounter('hits', 7)
  failures = 100
  expect(() => directory.counter('hits')).toThrow(expect.objectContaining({ code: 'ERR_DISKCACHE_CORRUPT' }))
  expect(readdirSync(root).filter((name) => /damaged-\d+$/.test(name))).toHaveLength(1)
  failures = 0
  expect(directory.counter('hits')).toBe(0)
  directory.connection.close()
})

test('Repair tries again after a pause, and not only when a clock that was set back has caught up', () => {
  const directory = open()
  failures = 100
  expect(() => directory.counter('hits')).toThrow(expect.objectContaining({ code: 'ERR_DISKCACHE_CORRUPT' }))
  failures = 1
  vi.spyOn(Date, 'now').mockReturnValue(Date.now() - 3_600_000)
  onTestFinished(() => void vi.restoreAllMocks())
  expect(directory.counter('hits')).toBe(0)
  directory.connection.close()
})

test('Repair gives up at once where nothing may be written', () => {
  open().connection.close()
  const directory = open(true)
  failures = 100
  expect(() => directory.counter('hits')).toThrow(expect.objectContaining({ code: 'ERR_DISKCACHE_CORRUPT' }))
  expect(100 - failures).toBeLessThan(5)
  failures = 0
  expect(directory.counter('hits')).toBe(0)
  directory.connection.close()
})
