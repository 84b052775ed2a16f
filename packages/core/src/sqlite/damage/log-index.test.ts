import { closeSync, mkdtempSync, openSync, readdirSync, rmSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { Disk } from '../../codec/disk.ts'
import { CacheDirectory } from '../cache-directory.ts'
import { TEST_ENGINE } from '../connection/test-engine.ts'
import { forgetLogIndex } from './log-index.ts'

let root: string

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'diskcache-test-'))
})

afterEach(() => rmSync(root, { recursive: true }))

/** Where the page numbers and the table of an index begin, and where its first part ends, in bytes. */
const [TABLE_AT, TABLE_END] = [136, 32_768]

test('Repair makes a wrong index of the log anew, and loses nothing', () => {
  const directory = new CacheDirectory(root, {
    ...{ engine: TEST_ENGINE, settings: {}, timeout: 100, readonly: false, disk: Disk },
    onCorrupt: 'quarantine',
  })
  // Who closes last removes the index.
  const other = new TEST_ENGINE.Database(join(root, 'cache.db'), {
    timeout: 0,
    readonly: false,
    fileMustExist: true,
  })
  other.prepare('SELECT * FROM Settings').all()
  directory.addToCounter('hits', 7)
  const descriptor = openSync(join(root, 'cache.db-shm'), 'r+')
  writeSync(descriptor, Buffer.alloc(TABLE_END - TABLE_AT), 0, TABLE_END - TABLE_AT, TABLE_AT)
  expect(directory.counter('hits')).toBe(7)
  expect(readdirSync(root).filter((name) => name.includes('damaged'))).toEqual([])
  directory.addToCounter('hits', 1)
  expect(directory.counter('hits')).toBe(8)
  directory.close()
  other.close()
  closeSync(descriptor)
})

test('forgetLogIndex() does nothing where there is no index', () => {
  expect(forgetLogIndex(join(root, 'cache.db'))).toBe(false)
  expect(readdirSync(root)).toEqual([])
})
