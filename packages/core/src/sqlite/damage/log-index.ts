import { existsSync, openSync, writeSync } from 'node:fs'
import { withFileErrors } from '../../contract/file-error.ts'
import { CHANGE_FLAGS } from '../system/regular-file.ts'
import { closeUnshared } from '../system/shared-descriptor.ts'

/** The length of the two copies of the header of a log's index, in bytes; see https://www.sqlite.org/walformat.html */
const HEADERS_BYTES = 96

/**
 * Takes the header off the index of a database's log, and returns whether there is an index. Whoever reads next then
 * makes the index anew from what is sound in the log, as after a crash, while others go on. An index tells wrong things
 * about its log when some processes used another one meanwhile.
 */
export function forgetLogIndex(file: string): boolean {
  const index = `${file}-shm`
  if (!existsSync(index)) return false
  withFileErrors('write', index, () => {
    const descriptor = openSync(index, CHANGE_FLAGS)
    try {
      writeSync(descriptor, Buffer.alloc(HEADERS_BYTES), 0, HEADERS_BYTES, 0)
    } finally {
      closeUnshared(descriptor)
    }
  })
  return true
}
