import { counted } from '../../terminal/sizes.ts'
import type { Patient } from '../directory/patient.ts'
import type { Ailment, Examination } from '../findings/ailment.ts'
import { eachDatabase } from './each-database.ts'

const ORPHANS: Ailment = {
  id: 'orphaned-files',
  sign: 'remark',
  what: 'There are files of values that no entry names',
  why: 'They take disk, and are not counted; processes that were killed while they wrote have left them',
  wayOut: 'Nothing: writes remove them within time; at once, diskcache check DIRECTORY --fix',
}

/** Whether files are left behind, in a sample. */
export const leftovers: Examination<Patient> = {
  name: 'orphans',
  ailments: [ORPHANS],
  examine: (patient) =>
    eachDatabase(patient, 'none', ({ leftovers: { orphans, directories, isAll } }) => {
      if (orphans === 0) return []
      const among = isAll ? '' : `, in ${directories} directories that were looked at`
      return [{ ailment: ORPHANS, detail: `${counted(orphans, 'file')}${among}` }]
    }),
}
