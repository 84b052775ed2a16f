import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { withFileErrors } from '../../contract/file-error.ts'

/** The name and the content by which programs know the directory of a cache; see https://bford.info/cachedir/ */
const NAME = 'CACHEDIR.TAG'
const CONTENT = `Signature: 8a477f597d28d172789f06886806bc55
# This directory is a cache, and a backup may leave it out.
# For information see https://bford.info/cachedir/
`

/** Marks a directory as a cache, so that backup programs that are told so leave it out. */
export function writeCachedirTag(directory: string): void {
  const path = join(directory, NAME)
  withFileErrors('write', path, () => {
    try {
      writeFileSync(path, CONTENT, { flag: 'wx', mode: 0o644 })
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    }
  })
}
