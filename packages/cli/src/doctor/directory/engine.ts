import type { Ailment, Examination } from '../findings/ailment.ts'
import { messageOf } from '../findings/diagnosis.ts'
import type { Patient } from './patient.ts'

const ENGINE: Ailment = {
  id: 'no-engine',
  sign: 'trouble',
  what: 'better-sqlite3 cannot be used here',
  why: 'No cache can be opened without it, and no database be examined',
  wayOut: 'Use Node 22.14 or newer, and reinstall with npm install better-sqlite3@13 on this machine',
}

const VERSION: Ailment = {
  id: 'engine-version',
  sign: 'trouble',
  what: 'better-sqlite3 has another version than the one that is expected',
  why: 'Nobody has tried whether it works',
  wayOut: 'npm install better-sqlite3@13',
}

/** The version of better-sqlite3 for which all of this is written. */
export const ENGINE_MAJOR = '13'

/** Whether SQLite can be used. */
export const engine: Examination<Patient> = {
  name: 'better-sqlite3',
  ailments: [ENGINE, VERSION],
  examine({ parts }) {
    const examination = parts[0]?.examination
    if (examination === undefined) return undefined
    const { engine, error } = examination
    if (engine === undefined) return [{ ailment: ENGINE, detail: messageOf(error) }]
    const { version, sqlite } = engine
    if (version !== 'unknown' && version.split('.')[0] !== ENGINE_MAJOR)
      return [{ ailment: VERSION, detail: version }]
    return `${version} with SQLite ${sqlite}, on Node ${process.versions.node}`
  },
}
