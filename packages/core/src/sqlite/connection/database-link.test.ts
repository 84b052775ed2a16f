import { mkdtempSync, readFileSync, renameSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
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

/** SQLite, before whose first `times` openings `exchange` is called: after the file was looked at. */
function exchangedEngine(times: number, exchange: () => void): Engine {
  let left = times
  return {
    ...TEST_ENGINE,
    Database: class extends TEST_ENGINE.Database {
      constructor(...[file, options]: ConstructorParameters<Engine['Database']>) {
        if (left-- > 0) exchange()
        super(file, options)
      }
    },
  }
}

describe('DatabaseLink compares the file that was opened with the one that was looked at', () => {
  const root = mkdtempSync(join(tmpdir(), 'diskcache-test-'))
  afterAll(() => rmSync(root, { recursive: true, force: true }))

  test('and writes nothing through a link that was put in its place', () => {
    const [path, outside] = [join(root, 'cache'), join(root, 'outside')]
    for (const directory of [path, outside]) open(TEST_ENGINE, directory).close()
    const before = readFileSync(join(outside, 'cache.db'))
    const engine = exchangedEngine(1, () => {
      rmSync(join(path, 'cache.db'))
      symlinkSync(join(outside, 'cache.db'), join(path, 'cache.db'))
    })
    expect(() => open(engine, path)).toThrow(expect.objectContaining({ code: 'ERR_DISKCACHE_FORMAT' }))
    expect(readFileSync(join(outside, 'cache.db'))).toEqual(before)
  })

  test('and opens what stands there then', () => {
    const path = join(root, 'replaced')
    open(TEST_ENGINE, path).close()
    const engine = exchangedEngine(1, () => {
      renameSync(path, `${path} moved`)
      open(TEST_ENGINE, path).close()
    })
    const directory = open(engine, path)
    directory.addToCounter('hits', 7)
    const other = open(TEST_ENGINE, path)
    expect(other.counter('hits')).toBe(7)
    for (const each of [directory, other]) each.close()
  })

  test('and gives up when that goes on', () => {
    const path = join(root, 'busy')
    open(TEST_ENGINE, path).close()
    let number = 0
    const engine = exchangedEngine(100, () => {
      renameSync(path, `${path} ${number++}`)
      open(TEST_ENGINE, path).close()
    })
    expect(() => open(engine, path)).toThrow(expect.objectContaining({ code: 'ERR_DISKCACHE_IO' }))
  })
})
