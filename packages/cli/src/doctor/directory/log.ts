import { formatBytes } from '../../terminal/sizes.ts'
import type { Ailment, Examination } from '../findings/ailment.ts'
import type { Part, Patient } from './patient.ts'
import { holderText } from './users.ts'

const HELD: Ailment = {
  id: 'log-held',
  sign: 'trouble',
  what: 'The write-ahead log is much too large, and a process reads from it',
  why: 'While somebody keeps a snapshot, the log grows with every write, and takes disk and time',
  wayOut:
    'End what reads for so long: a transaction of another program (sqlite3, Python, a backup), or a process that stands still',
}

const LARGE: Ailment = {
  id: 'large-log',
  sign: 'remark',
  what: 'The write-ahead log is much larger than it should be',
  why: 'It takes disk, and time at every opening',
  wayOut:
    'Nothing: the next process that opens the cache for writing and closes it writes it back and cuts it',
}

/** How many times larger than its bound a log is when that is more than one large transaction. */
const MANY_TIMES = 2

/** Whether the log has the size that it should have. */
export const log: Examination<Patient> = {
  name: 'log',
  ailments: [HELD, LARGE],
  examine({ parts, locks: { holders, readers }, now }) {
    const logs = parts.flatMap((part) => logOf(part))
    if (logs.length === 0) return undefined
    const large = logs.filter(({ bytes, most }) => bytes > most * MANY_TIMES)
    const [first] = large
    if (first === undefined)
      return `${formatBytes(logs.reduce((sum, { bytes }) => sum + bytes, 0))}, within its bound`
    const detail = `${first.name}${formatBytes(first.bytes)}, and ${formatBytes(first.most)} are meant`
    const reading = holders.filter(({ pid }) => readers.includes(pid))
    if (reading.length === 0) return [{ ailment: LARGE, detail }]
    const who = reading.map((holder) => holderText(holder, now)).join('; ')
    return [{ ailment: HELD, detail: `${detail}; ${who} reads` }]
  },
}

function logOf({ name, examination: { database } }: Part) {
  return database === undefined ? [] : [{ name: name === '' ? '' : `shard ${name}: `, ...database.log }]
}
