import { formatAge } from '../../terminal/durations.ts'
import { counted } from '../../terminal/sizes.ts'
import type { Ailment, Examination } from '../findings/ailment.ts'
import type { Holder } from '../holders/holders-of.ts'
import type { Patient } from './patient.ts'

const UNKNOWN: Ailment = {
  id: 'unknown-users',
  sign: 'remark',
  what: 'Who has the directory open is not told by this system',
  why: 'Whether a process keeps the lock, or reads for long, stays unknown',
  wayOut: 'Nothing: Linux alone tells it',
}

const LOCKED: Ailment = {
  id: 'lock-held',
  sign: 'trouble',
  what: 'A process keeps the lock of who writes',
  why: 'All other processes wait for it, and fail with ERR_DISKCACHE_TIMEOUT in the end',
  wayOut:
    'See what the process does: a transact() or update() whose body takes long, or one that stands still (SIGSTOP, a debugger)',
}

/** How many processes are named. */
const MOST_NAMED = 5

/** Who has the directory open. */
export const users: Examination<Patient> = {
  name: 'processes',
  ailments: [UNKNOWN, LOCKED],
  examine({ parts, locks: { isKnown, holders, writers }, now }) {
    if (parts.length === 0) return undefined
    if (!isKnown) return [{ ailment: UNKNOWN, detail: process.platform }]
    if (writers.length === 0) return openText(holders, now)
    return holders
      .filter(({ pid }) => writers.includes(pid))
      .map((holder) => ({ ailment: LOCKED, detail: `for a second at least, ${holderText(holder, now)}` }))
  },
}

function openText(holders: readonly Holder[], now: number): string {
  if (holders.length === 0) return 'nobody on this machine has it open, as far as this user may see'
  const named = holders.slice(0, MOST_NAMED).map((holder) => holderText(holder, now))
  const more = holders.length > MOST_NAMED ? `, and ${holders.length - MOST_NAMED} more` : ''
  return `open in ${counted(holders.length, 'process', 'processes')}: ${named.join('; ')}${more}`
}

/** Returns a process as text. */
export function holderText({ pid, command, user, startTime }: Holder, now: number): string {
  const since = startTime === undefined ? '' : `, for ${formatAge(Math.max(0, now - startTime))}`
  return `${command} (pid ${pid} of ${user}${since})`
}
