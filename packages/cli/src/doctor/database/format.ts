import type { Patient } from '../directory/patient.ts'
import type { Ailment, Examination } from '../findings/ailment.ts'
import { eachDatabase } from './each-database.ts'

const OLDER: Ailment = {
  id: 'older-format',
  sign: 'remark',
  what: 'A version before has written the directory',
  why: 'It is adapted when it is opened for writing, and that version refuses it from then on',
  wayOut: 'Nothing, once all programs that use it are updated',
}

const PYTHONS: Ailment = {
  id: 'python-format',
  sign: 'remark',
  what: 'Python alone has written the directory',
  why: 'It is adapted when Node opens it for writing; Python goes on with it',
  wayOut: 'Nothing',
}

/** Which version has written the directory. */
export const format: Examination<Patient> = {
  name: 'format',
  ailments: [OLDER, PYTHONS],
  examine: (patient) =>
    eachDatabase(patient, 'that of this version', ({ format, ownFormat }) => {
      if (format === 0)
        return [{ ailment: PYTHONS, detail: `format 0, and ${ownFormat} is that of this version` }]
      return format < ownFormat
        ? [{ ailment: OLDER, detail: `format ${format}, and ${ownFormat} is that of this version` }]
        : []
    }),
}
