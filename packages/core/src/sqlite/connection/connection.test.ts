import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { Connection } from './connection.ts'
import { TEST_ENGINE } from './test-engine.ts'

let directory: string
let file: string
let connections: Connection[]

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'diskcache-test-'))
  file = join(directory, 'cache.db')
  writeFileSync(file, '')
  connections = []
  connect().execute('PRAGMA journal_mode = WAL; CREATE TABLE t (n)')
})

afterEach(() => {
  for (const connection of connections) connection.close()
  rmSync(directory, { recursive: true })
})

function connect(timeout = 100): Connection {
  const connection = new Connection(file, { engine: TEST_ENGINE, timeout, readonly: false })
  connections.push(connection)
  return connection
}

function numbers(connection: Connection): number[] {
  return connection
    .query<{ n: bigint | number }>('SELECT n FROM t ORDER BY n')
    .all()
    .map(({ n }) => Number(n))
}

function insert(connection: Connection, n: number): void {
  connection.query('INSERT INTO t VALUES (?)').run(n)
}

const undone = new Error('undone')

function undo(connection: Connection, body: () => void): void {
  const failing = () =>
    connection.transact(() => {
      body()
      throw undone
    })
  expect(failing).toThrow(undone)
}

test('Connection.transact() undoes only the nested part that failed', () => {
  const connection = connect()
  connection.transact(() => {
    insert(connection, 1)
    undo(connection, () => insert(connection, 2))
    connection.transact(() => insert(connection, 3))
  })
  expect(numbers(connection)).toEqual([1, 3])
})

test('Connection.transact() runs effects of the commit once, after the outermost commit', () => {
  const connection = connect()
  const log: string[] = []
  connection.transact(() => {
    connection.transact(() => connection.afterCommit(() => log.push(`inner sees ${numbers(connection)}`)))
    connection.afterRollback(() => log.push('never'))
    insert(connection, 1)
    log.push('body')
  })
  expect(log).toEqual(['body', 'inner sees 1'])
})

test('Connection.transact() runs effects of the rollback for what was undone, and drops its effects of the commit', () => {
  const connection = connect()
  const log: string[] = []
  connection.transact(() => {
    undo(connection, () => {
      connection.transact(() => connection.afterRollback(() => log.push('innermost undone')))
      connection.afterCommit(() => log.push('never'))
    })
    connection.afterCommit(() => log.push('committed'))
  })
  expect(log).toEqual(['innermost undone', 'committed'])
})

test('Connection.transact() is committed although an effect throws', () => {
  const connection = connect()
  const log: string[] = []
  connection.transact(() => {
    insert(connection, 1)
    connection.afterCommit(() => {
      throw new Error('an effect failed')
    })
    connection.afterCommit(() => log.push('next'))
    connection.afterRollback(() => log.push('never'))
  })
  expect([log, numbers(connection)]).toEqual([['next'], [1]])
})

test('Connection.transact() refuses a body that returns a promise, before anything is committed', () => {
  const connection = connect()
  const body = async () => {
    insert(connection, 1)
    throw new Error('nobody waits for this')
  }
  expect(() => connection.transact(body)).toThrow(TypeError)
  expect(numbers(connection)).toEqual([])
})

test('Connection.transact() lets nothing be written after an error that made SQLite roll back', () => {
  const connection = connect()
  connection.execute('CREATE UNIQUE INDEX u ON t (n) ')
  const rollBack = connection.query('INSERT OR ROLLBACK INTO t VALUES (?)')
  const body = () => {
    insert(connection, 1)
    expect(() => connection.transact(() => rollBack.run(1))).toThrow(
      expect.objectContaining({ code: 'ERR_DISKCACHE_ENGINE' }),
    )
    connection.transact(() => insert(connection, 2))
  }
  expect(() => connection.transact(body)).toThrow(/rolled back by an earlier error/)
  expect(numbers(connection)).toEqual([])
})

test('Connection.transact() waits for a lock of others until the timeout, then throws ERR_DISKCACHE_TIMEOUT', () => {
  const waiter = connect(30)
  const holder = new TEST_ENGINE.Database(file, { timeout: 0, readonly: false, fileMustExist: true })
  holder.exec('BEGIN IMMEDIATE')
  const timeout = expect.objectContaining({ code: 'ERR_DISKCACHE_TIMEOUT' })
  expect(() => waiter.transact(() => insert(waiter, 1))).toThrow(timeout)
  expect(waiter.tryTransact(() => insert(waiter, 2))).toBe(false)
  expect(numbers(waiter)).toEqual([])
  holder.close()
  expect(waiter.tryTransact(() => insert(waiter, 3))).toBe(true)
  expect(numbers(waiter)).toEqual([3])
})

test('Connection.transact() does not wait for a connection of its own thread, unless its caller comes back', () => {
  const [holder, waiter] = [connect(), connect(600_000)]
  const transact = () => waiter.transact(() => insert(waiter, 1))
  holder.transact(() => {
    expect(transact).toThrow(expect.objectContaining({ code: 'ERR_DISKCACHE_REENTRANT' }))
    const timeout = expect.objectContaining({ code: 'ERR_DISKCACHE_TIMEOUT' })
    expect(() => waiter.withoutWaiting(transact)).toThrow(timeout)
    expect(waiter.tryTransact(() => insert(waiter, 2))).toBe(false)
  })
  transact()
  expect(numbers(holder)).toEqual([1])
})

test('Connection.transact() throws other errors at once, as themselves', () => {
  const connection = connect(60_000)
  expect(() => connection.query('SELECT * FROM missing').get()).toThrow(
    expect.objectContaining({
      code: 'ERR_DISKCACHE_ENGINE',
      message: expect.stringContaining('no such table'),
    }),
  )
})

test('Connection.snapshot() sees one moment', () => {
  const [reader, writer] = [connect(), connect()]
  reader.snapshot(() => {
    expect(numbers(reader)).toEqual([])
    writer.transact(() => insert(writer, 1))
    expect(numbers(reader)).toEqual([])
  })
  expect(numbers(reader)).toEqual([1])
})

test('Connection.snapshot() says what failed, also where SQLite has ended it by itself', () => {
  const connection = connect()
  const body = () => {
    connection.execute('ROLLBACK')
    throw new Error('damage')
  }
  expect(() => connection.snapshot(body)).toThrow('damage')
  expect(connection.snapshot(() => numbers(connection))).toEqual([])
})

test('Connection.close() is refused inside a transaction, and otherwise idempotent', () => {
  const connection = connect()
  connection.transact(() => {
    expect(() => connection.close()).toThrow(expect.objectContaining({ code: 'ERR_DISKCACHE_REENTRANT' }))
  })
  connection.close()
  connection.close()
  expect(connection.isOpen).toBe(false)
})
