import { Disk } from '@diskcache/core'
import { CacheDirectory } from '@diskcache/core/sqlite'
import { describe, expect } from 'vitest'
import { cacheTest, LARGE } from '../../tests/cache-test.ts'
import { sqliteEngine } from '../context/engine.ts'
import { SnapshotRead } from './snapshot-read.ts'
import { DAMAGED } from './value-reader.ts'

const test = cacheTest()

describe('SnapshotRead.accepts()', () => {
  test('takes a file for lost when it was missing the last time, too, and not before', ({ store }) => {
    store.setMany([
      ['a', LARGE],
      ['b', LARGE],
    ])
    const disk = new Disk()
    const directory = new CacheDirectory(store.directory, {
      engine: sqliteEngine(),
      settings: {},
      timeout: 1_000,
      readonly: true,
      disk: Disk,
    })
    const read = new SnapshotRead(directory, [disk.encodeKey('a'), disk.encodeKey('b')])
    read.readRows(0)
    expect(read.accepts([LARGE, DAMAGED])).toBe(false)
    // The file of `a` is replaced after this moment: it was there the last time.
    read.readRows(0)
    expect(read.accepts([DAMAGED, LARGE])).toBe(false)
    read.readRows(0)
    expect(read.accepts([DAMAGED, LARGE])).toBe(true)
    directory.connection.close()
  })
})
