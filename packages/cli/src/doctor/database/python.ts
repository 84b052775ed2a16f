import type { DatabaseExamination } from '@diskcache/cache'
import type { Patient } from '../directory/patient.ts'
import type { Ailment, Examination, Symptom } from '../findings/ailment.ts'
import { eachDatabase } from './each-database.ts'
import { symptom } from './entries.ts'

const OPENED: Ailment = {
  id: 'python-writers',
  sign: 'remark',
  what: 'Python has opened the directory',
  why: 'What it writes has no checksum, it evicts pinned entries, and it does not know maxEntries',
  wayOut: 'Nothing, if both are to share it: exchange strings, numbers, bytes and null',
}

const PICKLES: Ailment = {
  id: 'pickles',
  sign: 'remark',
  what: 'Python has pickled values or keys',
  why: 'Node never decodes a pickle: reading such a value throws ERR_DISKCACHE_FOREIGN_VALUE, such a key is a ForeignKey',
  wayOut: 'In Python, store strings, numbers, bytes and None, or JSON by JSONDisk on both sides',
}

const POLICY: Ailment = {
  id: 'python-policy',
  sign: 'remark',
  what: 'Python evicts by another policy than Node',
  why: 'Which entries go depends on who writes',
  wayOut: 'configure({ evictionPolicy }) with one that Python knows, such as least-recently-stored',
}

const INDEX: Ailment = {
  id: 'python-index',
  sign: 'remark',
  what: 'There is an index that Python has made for its evictions',
  why: 'Every write keeps it, and takes longer; only Python needs it',
  wayOut:
    'configure({ evictionPolicy }) with another policy and back drops it, if Python does not write there any more',
}

const STATISTICS: Ailment = {
  id: 'no-statistics',
  sign: 'remark',
  what: 'Statistics are off',
  why: 'How many reads of Python and Node find something is not known',
  wayOut: 'configure({ statistics: true }) for as long as the rate is to be measured',
}

/** What Python has done there. */
export const python: Examination<Patient> = {
  name: 'Python',
  ailments: [OPENED, PICKLES, POLICY, INDEX, STATISTICS],
  examine: (patient) => eachDatabase(patient, 'has not opened it', symptomsOf),
}

function symptomsOf(database: DatabaseExamination): Symptom[] {
  const { isPythons, sample, pythonPolicy, pythonIndexes, settings } = database
  const pickled = Math.max(sample.pickledValues, sample.pickledKeys)
  const found = symptom(PICKLES, sample, pickled)
  if (!isPythons) return found
  const { evictionPolicy, statistics } = settings
  const policy = typeof evictionPolicy === 'string' ? evictionPolicy : 'an order of its own'
  return [
    { ailment: OPENED, detail: `${sample.unverified} entries without a checksum` },
    ...found,
    ...(policy === pythonPolicy ? [] : [{ ailment: POLICY, detail: `${pythonPolicy}, and ${policy}` }]),
    ...pythonIndexes.map((detail) => ({ ailment: INDEX, detail })),
    ...(statistics ? [] : [{ ailment: STATISTICS, detail: 'hits and misses are not counted' }]),
  ]
}
