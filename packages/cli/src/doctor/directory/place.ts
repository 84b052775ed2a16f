import { counted } from '../../terminal/sizes.ts'
import type { Ailment, Examination } from '../findings/ailment.ts'
import type { Patient, PatientKind } from './patient.ts'

const AILMENTS: Readonly<Record<Exclude<PatientKind, 'cache' | 'fanout'>, Ailment>> = {
  missing: {
    id: 'no-directory',
    sign: 'trouble',
    what: 'There is no such directory',
    why: 'A cache that is opened there begins empty; what was looked for is elsewhere, or was removed',
    wayOut: 'Name the directory that the application opens; a relative path counts from where it was started',
  },
  file: {
    id: 'not-a-directory',
    sign: 'trouble',
    what: 'It is not a directory',
    why: 'A cache has a directory, in which its database is one file',
    wayOut: 'Name the directory around it',
  },
  closed: {
    id: 'closed-directory',
    sign: 'trouble',
    what: 'This user may not look into the directory',
    why: 'Nobody but its owner can open the cache',
    wayOut: 'Ask as the user whom the application runs as; to share it with a group, see the option mode',
  },
  empty: {
    id: 'empty-directory',
    sign: 'remark',
    what: 'The directory is empty',
    why: 'Nothing was stored there yet, or all of it was removed',
    wayOut: 'Nothing has to be done: a cache that is opened there makes its files',
  },
  other: {
    id: 'no-cache',
    sign: 'trouble',
    what: 'The directory holds no cache',
    why: 'It has other files, among which a cache would make its own',
    wayOut: 'Name the directory of the cache, which has a cache.db or shards 000, 001, …',
  },
}

/** Whether there is a cache. */
export const place: Examination<Patient> = {
  name: 'directory',
  ailments: Object.values(AILMENTS),
  examine({ kind, path, parts }) {
    if (kind === 'cache') return `${path} holds a cache`
    if (kind === 'fanout') return `${path} holds a cache of ${counted(parts.length, 'shard')}`
    return [{ ailment: AILMENTS[kind], detail: path }]
  },
}
