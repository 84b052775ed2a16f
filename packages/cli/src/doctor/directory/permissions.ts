import { accessSync, constants, lstatSync } from 'node:fs'
import { join } from 'node:path'
import type { Ailment, Examination, Symptom } from '../findings/ailment.ts'
import type { Part, Patient } from './patient.ts'

const UNSAFE: Ailment = {
  id: 'unsafe-directory',
  sign: 'trouble',
  what: 'Others may change the directory',
  why: 'Who can write there decides what the application gets from its cache',
  wayOut:
    "Take it from them (chown, chmod 700), use another directory, or, if they are trusted, say onUnsafe: 'ignore'",
}

const OPEN_FILE: Ailment = {
  id: 'file-open-to-all',
  sign: 'trouble',
  what: 'Every user of this machine may write to a file of the cache',
  why: 'Who can write there decides what the application gets from its cache',
  wayOut: 'chmod 600 of the file, or 660 where a group shares the directory',
}

const UNREADABLE: Ailment = {
  id: 'unreadable-file',
  sign: 'trouble',
  what: 'This user may not read a file of the cache',
  why: 'The cache cannot be opened, or some of its values cannot be read; mostly a process of another user has made it',
  wayOut:
    'Run all processes as one user, or share the directory with a group: chmod 2770 and the option mode',
}

const UNWRITABLE: Ailment = {
  id: 'unwritable-file',
  sign: 'trouble',
  what: 'This user may write to the directory, and not to a file of the cache in it',
  why: 'Opening the cache throws ERR_DISKCACHE_READONLY; mostly a process of another user has made the file',
  wayOut: 'chown the files to the user whom the application runs as, or share the directory with a group',
}

const READONLY: Ailment = {
  id: 'readonly-directory',
  sign: 'remark',
  what: 'This user may not write to the directory',
  why: 'The cache can be opened with readonly alone',
  wayOut: 'Nothing, if this user is only to read',
}

const FILES = ['cache.db', 'cache.db-wal', 'cache.db-shm']

/** Who may read and write. */
export const permissions: Examination<Patient> = {
  name: 'permissions',
  ailments: [UNSAFE, OPEN_FILE, UNREADABLE, UNWRITABLE, READONLY],
  examine({ path, parts }) {
    if (parts.length === 0) return undefined
    const found = parts.flatMap((part) => [...unsafe(part), ...files(part)])
    const isWritable = may(path, constants.W_OK)
    const all = isWritable ? found : [...found, { ailment: READONLY, detail: path }]
    return all.length === 0 ? 'this user may read and write, and nobody else may write unasked' : all
  },
}

function unsafe({ path, examination: { danger } }: Part): Symptom[] {
  return danger === undefined ? [] : [{ ailment: UNSAFE, detail: `${path}: ${danger}` }]
}

function files(part: Part): Symptom[] {
  const isWritable = may(part.path, constants.W_OK)
  return FILES.flatMap((name) => {
    const file = join(part.path, name)
    const status = lstatSync(file, { throwIfNoEntry: false })
    if (!status?.isFile()) return []
    const detail = join(part.name, name)
    const isReadable = may(file, constants.R_OK)
    return [
      ...(process.platform !== 'win32' && (status.mode & 0o002) !== 0
        ? [{ ailment: OPEN_FILE, detail }]
        : []),
      ...(isReadable ? [] : [{ ailment: UNREADABLE, detail }]),
      ...(isReadable && isWritable && !may(file, constants.W_OK) ? [{ ailment: UNWRITABLE, detail }] : []),
    ]
  })
}

function may(path: string, mode: number): boolean {
  try {
    accessSync(path, mode)
    return true
  } catch {
    return false
  }
}
