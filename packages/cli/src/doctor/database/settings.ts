import type { Patient } from '../directory/patient.ts'
import type { Ailment, Examination } from '../findings/ailment.ts'
import { eachDatabase } from './each-database.ts'

const ILLEGAL: Ailment = {
  id: 'illegal-settings',
  sign: 'trouble',
  what: 'Settings have values that they cannot have',
  why: 'Defaults count in their place, and the directory is refused with onCorrupt: throw; they are damaged, or of another program',
  wayOut: 'Open the cache for writing, which puts them right, and set what the application wants',
}

const NO_CULLING: Ailment = {
  id: 'no-culling',
  sign: 'remark',
  what: 'Writes remove nothing (cullLimit is 0)',
  why: 'What has expired stays, and the cache grows beyond its limit until somebody calls expire() or cull()',
  wayOut: 'Call cull() now and then, or set cullLimit to 10',
}

/** Whether settings are legal, and lead to what they are for. */
export const settings: Examination<Patient> = {
  name: 'settings',
  ailments: [ILLEGAL, NO_CULLING],
  examine: (patient) =>
    eachDatabase(patient, 'legal', ({ illegalSettings, settings }) => [
      ...(illegalSettings.length > 0 ? [{ ailment: ILLEGAL, detail: illegalSettings.join(', ') }] : []),
      ...(settings.cullLimit === 0 ? [{ ailment: NO_CULLING, detail: 'cullLimit 0' }] : []),
    ]),
}
