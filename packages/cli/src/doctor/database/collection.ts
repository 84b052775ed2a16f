import { lstatSync } from 'node:fs'
import { dirname, join, sep } from 'node:path'
import { type Part, type Patient, SHARDS_RECORD } from '../directory/patient.ts'
import type { Ailment, Examination } from '../findings/ailment.ts'
import { eachDatabase } from './each-database.ts'

const EVICTS: Ailment = {
  id: 'collection-evicts',
  sign: 'trouble',
  what: 'A deque or an index has a policy by which entries are evicted',
  why: 'Items vanish when the directory reaches its limit',
  wayOut:
    "Open it as Deque or Index, never as a Cache with a policy, or configure({ evictionPolicy: 'none' })",
}

/** Whether the items of a deque or an index stay. */
export const collection: Examination<Patient> = {
  name: 'items',
  ailments: [EVICTS],
  examine(patient) {
    if (patient.kind !== 'cache' || !patient.parts.some(isCollection)) return undefined
    return eachDatabase(patient, 'are not evicted', ({ settings }) => {
      const { evictionPolicy } = settings
      if (evictionPolicy === 'none') return []
      return [
        {
          ailment: EVICTS,
          detail: typeof evictionPolicy === 'string' ? evictionPolicy : 'an order of its own',
        },
      ]
    })
  },
}

/** Returns whether it is a deque, by its keys, or a deque or an index by its place in a `FanoutCache`. */
function isCollection({ path, examination: { database } }: Part): boolean {
  const sample = database?.sample
  if (sample !== undefined && sample.entries > 0 && sample.items === sample.entries) return true
  const parts = path.split(sep)
  const at = parts.findLastIndex((name) => name === 'deque' || name === 'index')
  return at > 0 && isFanout(dirname(parts.slice(0, at + 1).join(sep)))
}

function isFanout(directory: string): boolean {
  return lstatSync(join(directory, SHARDS_RECORD), { throwIfNoEntry: false })?.isFile() === true
}
