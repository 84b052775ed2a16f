import { counted } from '../../terminal/sizes.ts'
import type { Patient } from '../directory/patient.ts'
import type { Ailment, Examination } from '../findings/ailment.ts'
import { eachDatabase } from './each-database.ts'

const NO_INDEX: Ailment = {
  id: 'no-tag-index',
  sign: 'remark',
  what: 'Many entries have tags, and there is no index of them',
  why: 'evict(tag) and keys({ tag }) read every row',
  wayOut: 'configure({ tagIndex: true }), if the application evicts by tag',
}

/** From how many tagged entries on an index is worth while. */
const MANY = 10_000

/** Whether what is tagged is found by an index. */
export const tags: Examination<Patient> = {
  name: 'tags',
  ailments: [NO_INDEX],
  examine: (patient) =>
    eachDatabase(patient, 'few, or with an index', ({ sample, settings, entries }) => {
      const tagged = sample.entries === 0 ? 0 : Math.round((sample.tagged / sample.entries) * entries)
      if (settings.tagIndex || tagged < MANY) return []
      return [{ ailment: NO_INDEX, detail: `about ${counted(tagged, 'entry', 'entries')}` }]
    }),
}
