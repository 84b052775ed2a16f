import { lstatSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { counted } from '../../terminal/sizes.ts'
import type { Ailment, Examination, Symptom } from '../findings/ailment.ts'
import { type Patient, SHARDS_RECORD, shardNames } from './patient.ts'

const MISSING: Ailment = {
  id: 'missing-shard',
  sign: 'trouble',
  what: 'A shard is missing',
  why: 'Its entries are gone, and the next process that opens the cache makes an empty one in its place',
  wayOut: 'Put it back from a backup before anybody opens the cache, or do without its entries',
}

const MORE: Ailment = {
  id: 'too-many-shards',
  sign: 'trouble',
  what: 'There are more shards than the directory has recorded',
  why: 'Python opened it with another number: each side looks for entries where the other has not put them, and Node refuses it',
  wayOut: 'Open it with one number of shards on both sides, and copy the entries to a new directory',
}

const RECORD: Ailment = {
  id: 'damaged-shards-record',
  sign: 'trouble',
  what: 'The record of the number of shards is damaged',
  why: 'The number is then counted from what is there, which is too small when a shard is missing',
  wayOut: 'Open the cache with the option shards, which is compared with what is there',
}

const UNRECORDED: Ailment = {
  id: 'unrecorded-shards',
  sign: 'remark',
  what: 'The number of shards is not recorded',
  why: 'Python alone has opened the directory, and records nothing',
  wayOut: 'Nothing: the first FanoutCache of Node that opens it records what is there',
}

const DIFFERENT: Ailment = {
  id: 'different-settings',
  sign: 'trouble',
  what: 'A shard has other settings than the first one',
  why: 'Limits and policy differ from key to key; Python, or a process that ended midway, has left it so',
  wayOut: 'Open the FanoutCache for writing: it gives each shard the settings of the first when it is used',
}

/** Whether all shards are there, and alike. */
export const shards: Examination<Patient> = {
  name: 'shards',
  ailments: [MISSING, MORE, RECORD, UNRECORDED, DIFFERENT],
  examine(patient) {
    if (patient.kind !== 'fanout') return undefined
    const recorded = recordOf(patient)
    const found = [...numberSymptoms(patient, recorded), ...settingsSymptoms(patient)]
    return found.length === 0 ? `${counted(patient.parts.length, 'shard')}, alike` : found
  },
}

/** Returns what is recorded: a number, `'damaged'`, or `undefined` for nothing. */
function recordOf({ path }: Patient): number | 'damaged' | undefined {
  const file = join(path, SHARDS_RECORD)
  const status = lstatSync(file, { throwIfNoEntry: false })
  if (status === undefined) return undefined
  const text = status.isFile() && status.size <= 5 ? readFileSync(file, 'latin1') : ''
  return /^(?:[1-9]\d{0,2}|1000)\n$/.test(text) ? Number(text) : 'damaged'
}

function numberSymptoms({ names, parts }: Patient, recorded: number | 'damaged' | undefined): Symptom[] {
  const there = shardNames(names)
  if (recorded === 'damaged') return [{ ailment: RECORD, detail: SHARDS_RECORD }]
  const last = Number(there.at(-1) ?? -1)
  const number = recorded ?? last + 1
  const expected = Array.from({ length: number }, (_, i) => String(i).padStart(3, '0'))
  const missing = expected.filter((name) => !parts.some((part) => part.name === name))
  return [
    ...(missing.length > 0 ? [{ ailment: MISSING, detail: `${missing.join(', ')} of ${number}` }] : []),
    ...(there.length > number
      ? [{ ailment: MORE, detail: `${there.length}, and ${number} are recorded` }]
      : []),
    ...(recorded === undefined ? [{ ailment: UNRECORDED, detail: `${there.length} are there` }] : []),
  ]
}

function settingsSymptoms({ parts }: Patient): Symptom[] {
  const read = parts.flatMap(({ name, examination: { database } }) =>
    database === undefined ? [] : [{ name, settings: database.settings }],
  )
  const first = read[0]
  if (first === undefined) return []
  const others = read.filter(({ settings }) => !isDeepStrictEqual(settings, first.settings))
  if (others.length === 0) return []
  const names = Object.keys(first.settings).filter((name) =>
    others.some(({ settings }) => !isDeepStrictEqual(settings[name as never], first.settings[name as never])),
  )
  return [{ ailment: DIFFERENT, detail: `${others.map(({ name }) => name).join(', ')}: ${names.join(', ')}` }]
}
