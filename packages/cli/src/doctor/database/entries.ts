import type { EntrySample } from '@diskcache/cache'
import { counted } from '../../terminal/sizes.ts'
import type { Patient } from '../directory/patient.ts'
import type { Ailment, Examination, Symptom } from '../findings/ailment.ts'
import { eachDatabase } from './each-database.ts'

const WRONG: Ailment = {
  id: 'wrong-checksum',
  sign: 'trouble',
  what: 'Entries are not what was stored',
  why: 'They count as missing; the disk, or a program that wrote behind the back of SQLite, has changed them',
  wayOut: 'diskcache check DIRECTORY --fix removes them; look after the disk',
}

const MISSING: Ailment = {
  id: 'missing-file',
  sign: 'trouble',
  what: 'Files of values are missing, or have another length',
  why: 'The entries count as missing; something has removed or cut the files, such as a cleaner of temporary files or a partial backup',
  wayOut: 'diskcache check DIRECTORY --fix removes the entries; keep other programs out of the directory',
}

const UNREADABLE: Ailment = {
  id: 'unreadable-value',
  sign: 'trouble',
  what: 'Files of values cannot be read by this user',
  why: 'Reading such an entry throws ERR_DISKCACHE_IO; mostly a process of another user has written it',
  wayOut:
    'Run all processes as one user, or share the directory with a group: chmod 2770 and the option mode',
}

/** Whether entries are what was stored, in a sample. */
export const entries: Examination<Patient> = {
  name: 'entries',
  ailments: [WRONG, MISSING, UNREADABLE],
  examine: (patient) => {
    const looked = patient.parts.reduce(
      (sum, part) => sum + (part.examination.database?.sample.entries ?? 0),
      0,
    )
    return eachDatabase(
      patient,
      `${counted(looked, 'entry', 'entries')} looked at, and what was stored`,
      ({ sample }) => [
        ...symptom(WRONG, sample, sample.wrongChecksums),
        ...symptom(MISSING, sample, sample.missingFiles),
        ...symptom(UNREADABLE, sample, sample.unreadableFiles),
      ],
    )
  },
}

/** Returns the symptom of so many entries of a sample, if there are any. */
export function symptom(ailment: Ailment, { entries, isAll }: EntrySample, number: number): Symptom[] {
  if (number === 0) return []
  return [
    {
      ailment,
      detail: `${number} of ${isAll ? counted(entries, 'entry', 'entries') : `${counted(entries, 'entry', 'entries')} that were looked at`}`,
    },
  ]
}
