import type { DirectoryExamination } from '@diskcache/cache'
import type { Patient } from '../directory/patient.ts'
import type { Ailment, Examination, Symptom } from '../findings/ailment.ts'
import { messageOf } from '../findings/diagnosis.ts'
import { eachPart } from './each-database.ts'

const FOREIGN: Ailment = {
  id: 'foreign-database',
  sign: 'trouble',
  what: 'The file cache.db is not of a cache',
  why: 'It belongs to another program, or to somebody who means harm; it is refused, and left as it is',
  wayOut: 'Name another directory, or move the file away',
}

const DAMAGED: Ailment = {
  id: 'damaged-database',
  sign: 'trouble',
  what: 'The database is damaged',
  why: 'Entries are lost or wrong; a disk, a network file system, or a program that copied it while it was in use has done that',
  wayOut:
    'Open the cache for writing, which mends it or makes it anew, or call check({ fix: true }); look after the disk',
}

const NEWER: Ailment = {
  id: 'newer-format',
  sign: 'trouble',
  what: 'A later version of diskcache has written the directory',
  why: 'This version refuses it, lest it damage what it does not know',
  wayOut: 'Update @diskcache/* everywhere, or give the older program a directory of its own',
}

const CLOSED: Ailment = {
  id: 'unreadable-database',
  sign: 'trouble',
  what: 'The database cannot be read',
  why: 'What is in it cannot be examined, nor used',
  wayOut: 'Mend what the message names: rights, a full disk for temporary files, a lock',
}

/** Whether the database can be read. */
export const readable: Examination<Patient> = {
  name: 'database',
  ailments: [FOREIGN, DAMAGED, NEWER, CLOSED],
  examine({ parts }) {
    const found = eachPart(parts, ({ examination }) => symptomsOf(examination))
    if (parts.length === 0) return undefined
    if (found.length > 0) return found
    const isAsked = parts.every(({ examination }) => examination.database?.complaints !== undefined)
    return isAsked ? 'can be read, and SQLite does not complain' : 'can be read'
  },
}

function symptomsOf(examination: DirectoryExamination): Symptom[] {
  const { engine, error, database } = examination
  const [complaint] = database?.complaints ?? []
  if (complaint !== undefined) return [{ ailment: DAMAGED, detail: complaint }]
  // What is wrong with better-sqlite3 is told there.
  if (error === undefined || engine === undefined) return []
  return [{ ailment: ailmentOf(examination), detail: messageOf(error) }]
}

function ailmentOf({ error, laterFormat, isDatabaseFile }: DirectoryExamination): Ailment {
  const code = (error as { code?: unknown } | undefined)?.code
  if (code === 'ERR_DISKCACHE_FORMAT') return laterFormat === undefined ? FOREIGN : NEWER
  if (code === 'ERR_DISKCACHE_CORRUPT') return isDatabaseFile === false ? FOREIGN : DAMAGED
  return CLOSED
}
