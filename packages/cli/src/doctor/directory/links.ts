import { lstatSync, type Stats } from 'node:fs'
import { join } from 'node:path'
import type { Ailment, Examination } from '../findings/ailment.ts'
import { type Patient, SHARDS_RECORD } from './patient.ts'

const LINK: Ailment = {
  id: 'not-a-plain-file',
  sign: 'trouble',
  what: 'Something else stands where a plain file or a directory must be',
  why: 'No link is followed, and the directory is refused: it could lead to the files of somebody else',
  wayOut:
    'Put the file there itself; to have the cache elsewhere, make the whole directory a link, or mount the other place',
}

/** The files of a database, none of which may be a link. */
const FILES = ['cache.db', 'cache.db-wal', 'cache.db-shm', 'cache.db-journal', 'cache.db-reserve']

/** Whether all files are what they are called. */
export const links: Examination<Patient> = {
  name: 'files',
  ailments: [LINK],
  examine({ path, parts }) {
    if (parts.length === 0) return undefined
    const shards = parts.filter(({ name }) => name !== '')
    const wrong = [
      ...[SHARDS_RECORD].filter((name) => isOther(join(path, name), (status) => status.isFile())),
      ...shards.filter(({ path }) => isOther(path, (status) => status.isDirectory())).map(({ name }) => name),
      ...parts.flatMap((part) =>
        FILES.filter((file) => isOther(join(part.path, file), (status) => status.isFile())).map((file) =>
          join(part.name, file),
        ),
      ),
    ]
    return wrong.length === 0
      ? 'plain files, and no link'
      : wrong.map((name) => ({ ailment: LINK, detail: name }))
  },
}

function isOther(path: string, isRight: (status: Stats) => boolean): boolean {
  const status = lstatSync(path, { throwIfNoEntry: false })
  return status !== undefined && !isRight(status)
}
