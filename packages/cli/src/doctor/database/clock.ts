import { formatAge } from '../../terminal/durations.ts'
import type { Patient } from '../directory/patient.ts'
import type { Ailment, Examination } from '../findings/ailment.ts'
import { eachDatabase } from './each-database.ts'
import { symptom } from './entries.ts'

const FUTURE: Ailment = {
  id: 'future-entries',
  sign: 'trouble',
  what: 'Entries were stored in the future',
  why: 'A clock was wrong, then or now: entries expire too late or too early, and policies evict the wrong ones',
  wayOut:
    'Set the clock right (NTP), on all machines that had the directory, and remove the entries if they have a time to live',
}

/** Whether the clock was right. */
export const clock: Examination<Patient> = {
  name: 'clock',
  ailments: [FUTURE],
  examine: (patient) =>
    eachDatabase(patient, 'no entry was stored in the future', ({ sample }) =>
      symptom(FUTURE, sample, sample.future).map(({ ailment, detail }) => ({
        ailment,
        detail: `${detail}, up to ${formatAge(sample.aheadBy)} ahead`,
      })),
    ),
}
