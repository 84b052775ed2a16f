import { readdirSync } from 'node:fs'
import type { Patient } from '../directory/patient.ts'
import type { Ailment, Examination } from '../findings/ailment.ts'
import { eachPart } from './each-database.ts'

const COPIES: Ailment = {
  id: 'damaged-copies',
  sign: 'remark',
  what: 'The database was damaged before, and made anew; copies of it stand there',
  why: 'Entries were lost then, and what damaged it may come back',
  wayOut:
    'Find out what happened at that time (disk, network file system, power); remove the copies when nobody needs them',
}

const COPY = /^cache\.db-damaged-(\d{1,15})$/

/** Whether the database was damaged at an earlier time. */
export const damagedCopies: Examination<Patient> = {
  name: 'damage before',
  ailments: [COPIES],
  examine({ parts }) {
    if (parts.length === 0) return undefined
    const found = eachPart(parts, ({ path }) => {
      const names = readdirSync(path).filter((name) => COPY.test(name))
      return names.length === 0 ? [] : [{ ailment: COPIES, detail: names.map(describe).join(', ') }]
    })
    return found.length === 0 ? 'no copy of a damaged database' : found
  },
}

function describe(name: string): string {
  const time = new Date(Number(COPY.exec(name)?.[1]))
  return Number.isNaN(time.getTime()) ? name : `${name} of ${time.toISOString()}`
}
