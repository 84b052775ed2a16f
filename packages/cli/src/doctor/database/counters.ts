import { formatBytes } from '../../terminal/sizes.ts'
import type { Patient } from '../directory/patient.ts'
import type { Ailment, Examination } from '../findings/ailment.ts'
import { eachDatabase } from './each-database.ts'

const WRONG: Ailment = {
  id: 'wrong-counter',
  sign: 'trouble',
  what: 'A counter is not what it counts',
  why: 'size and volume say what is not true, and the cache evicts too early or too late',
  wayOut: 'diskcache check DIRECTORY --fix',
}

const SKIPPED: Ailment = {
  id: 'not-checked',
  sign: 'remark',
  what: 'The database is large, and was not checked as a whole',
  why: "SQLite's own check and counting read all of it, which takes long",
  wayOut: 'diskcache check DIRECTORY, when there is time',
}

/** Whether counters are right. */
export const counters: Examination<Patient> = {
  name: 'counters',
  ailments: [WRONG, SKIPPED],
  examine: (patient) =>
    eachDatabase(patient, 'right', ({ wrongCounters, volume }) => {
      if (wrongCounters === undefined) return [{ ailment: SKIPPED, detail: `${formatBytes(volume)} in all` }]
      const text = wrongCounters.map(
        ({ name, stored, actual }) => `${name} says ${stored}, and there are ${actual}`,
      )
      return text.length === 0 ? [] : [{ ailment: WRONG, detail: text.join('; ') }]
    }),
}
