import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { Connection } from './connection.ts'
import { TEST_ENGINE } from './test-engine.ts'
import { workNow } from './work.ts'

const OPTIONS = { engine: TEST_ENGINE, timeout: 0, readonly: false }

let directory: string
let file: string

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'diskcache-test-'))
  file = join(directory, 'cache.db')
  writeFileSync(file, '')
})

afterEach(() => rmSync(directory, { recursive: true }))

function sourceWith(value: string): Connection {
  const source = new Connection(':memory:', OPTIONS)
  source.execute(`CREATE TABLE t (value); INSERT INTO t VALUES ('${value}')`)
  return source
}

function valueIn(connection: Connection): unknown {
  return connection.query<{ value: string }>('SELECT value FROM t').get()?.value
}

test('Connection.writeOver() replaces the content beneath a connection that is open', () => {
  using open = new Connection(file, OPTIONS)
  open.execute("PRAGMA journal_mode = WAL; CREATE TABLE t (value); INSERT INTO t VALUES ('before')")
  expect(valueIn(open)).toBe('before')
  using source = sourceWith('after')
  expect(workNow(source.writeOver(file, 0, () => true))).toBe(true)
  expect(valueIn(open)).toBe('after')
})

test('Connection.writeOver() asks once it has the lock, and leaves everything when told so', () => {
  using open = new Connection(file, OPTIONS)
  open.execute("PRAGMA journal_mode = WAL; CREATE TABLE t (value); INSERT INTO t VALUES ('before')")
  using source = sourceWith('after')
  const isWanted = () => {
    expect(() => open.transact(() => {})).toThrow(expect.objectContaining({ code: 'ERR_DISKCACHE_TIMEOUT' }))
    return false
  }
  expect(workNow(source.writeOver(file, 0, isWanted))).toBe(false)
  expect(valueIn(open)).toBe('before')
})

test('Connection.writeOver() waits for the lock no longer than it is told', () => {
  using open = new Connection(file, OPTIONS)
  open.execute('PRAGMA journal_mode = WAL; CREATE TABLE t (value)')
  using source = sourceWith('after')
  open.transact(() => {
    expect(() => workNow(source.writeOver(file, 0, () => true))).toThrow(
      expect.objectContaining({ code: 'ERR_DISKCACHE_TIMEOUT' }),
    )
  })
})
