import { Disk, EncryptedDisk, JSONDisk } from '@diskcache/core'
import type { Patient } from '../directory/patient.ts'
import type { Ailment, Examination } from '../findings/ailment.ts'
import { eachDatabase } from './each-database.ts'

const UNKNOWN: Ailment = {
  id: 'unknown-codec',
  sign: 'remark',
  what: 'The directory has a codec that is not one of diskcache',
  why: 'Only a program that has the codec can read values; the commands of diskcache show them as bytes',
  wayOut: 'Nothing, if the application gives it as the option disk',
}

const TWO: Ailment = {
  id: 'damaged-codec-name',
  sign: 'trouble',
  what: 'The name of the codec is damaged',
  why: 'With the wrong one, values cannot be read',
  wayOut: 'Open the cache for writing with the codec that it has: that puts the name right',
}

const KNOWN: readonly string[] = [Disk.codec, JSONDisk.codec, EncryptedDisk.codec]

/** Which codec the values have. */
export const codec: Examination<Patient> = {
  name: 'codec',
  ailments: [UNKNOWN, TWO],
  examine: (patient) =>
    eachDatabase(patient, 'known', ({ codecs }) => {
      if (codecs.length > 1) return [{ ailment: TWO, detail: `"${codecs.join('" or "')}"` }]
      const [name = Disk.codec] = codecs
      return KNOWN.includes(name) ? [] : [{ ailment: UNKNOWN, detail: `"${name}"` }]
    }),
}
