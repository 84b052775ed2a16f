import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { engineError, isBusy } from './engine-error.ts'

function sqliteError(code: string): Error {
  return Object.assign(new Error('failed'), { name: 'SqliteError', code })
}

function makeDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), 'diskcache-test-'))
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }))
  return directory
}

test.each([
  ['SQLITE_BUSY_SNAPSHOT', 'TIMEOUT'],
  ['SQLITE_FULL', 'FULL'],
  ['SQLITE_CORRUPT_INDEX', 'CORRUPT'],
  ['SQLITE_NOTADB', 'CORRUPT'],
  ['SQLITE_READONLY_DBMOVED', 'READONLY'],
  ['SQLITE_IOERR_READ', 'IO'],
  ['SQLITE_IOERR_CORRUPTFS', 'IO'],
  ['SQLITE_IOERR_WRITE', 'IO'],
  ['SQLITE_IOERR_LOCK', 'IO'],
  ['SQLITE_IOERR_SHMSIZE', 'FULL'],
  ['SQLITE_CANTOPEN', 'IO'],
  ['SQLITE_PERM', 'IO'],
  ['SQLITE_PROTOCOL', 'IO'],
  ['SQLITE_IOERR_NOMEM', 'ENGINE'],
  ['SQLITE_ERROR', 'ENGINE'],
])('engineError() gives %s the code ERR_DISKCACHE_%s, the path and the cause', (code, expected) => {
  const store = makeDirectory()
  const cause = sqliteError(code)
  expect(engineError(cause, { store, readonly: false })).toMatchObject({
    code: `ERR_DISKCACHE_${expected}`,
    path: join(store, 'cache.db'),
    message: expect.stringContaining(code),
    cause,
  })
  expect(readdirSync(store)).toEqual([])
})

test('engineError() asks the operating system what SQLite keeps to itself, unless nothing may be written', () => {
  const store = makeDirectory()
  rmSync(store, { recursive: true })
  const message = (readonly: boolean) =>
    (engineError(sqliteError('SQLITE_CANTOPEN'), { store, readonly }) as Error).message
  expect(message(false)).toMatch(/it is not there \(ENOENT\)/)
  expect(message(true)).not.toMatch(/ENOENT/)
})

test('isBusy() does not take failing locks for those of others, for which SQLite has tried ten seconds already', () => {
  expect(isBusy(sqliteError('SQLITE_BUSY'))).toBe(true)
  expect(isBusy(sqliteError('SQLITE_PROTOCOL'))).toBe(false)
})
