import { formatAge } from '../../terminal/durations.ts'
import type { Ailment, Examination } from '../findings/ailment.ts'
import type { ServerFacts } from './server-facts.ts'

const CLOCK: Ailment = {
  id: 'other-clock',
  sign: 'trouble',
  what: 'The clocks of the server and of this machine differ',
  why: 'Expiry and leases go by the clock of the server, and what applications log by that of their machine',
  wayOut: 'Set both right (NTP)',
}

const SLOW: Ailment = {
  id: 'slow-server',
  sign: 'remark',
  what: 'The server takes long to answer',
  why: 'Every read that is not answered from memory waits for it',
  wayOut:
    'Have it near the application; see what it does (SLOWLOG GET); keep hot entries by the option memory',
}

/** The difference of clocks, and the time of an answer, from which on they are told, in milliseconds. */
const DIFFERENCE = 1_000
const LONG = 20

/** How far away the server is, in time. */
export const link: Examination<ServerFacts> = {
  name: 'clock and latency',
  ailments: [CLOCK, SLOW],
  examine({ error, clockAhead, clockError, latency }) {
    if (error !== undefined) return undefined
    const difference = Math.abs(clockAhead)
    const text = `${latency.toFixed(latency < 10 ? 2 : 0)} ms for an answer`
    const side = clockAhead > 0 ? 'ahead' : 'behind'
    const found = [
      ...(difference - clockError > DIFFERENCE
        ? [{ ailment: CLOCK, detail: `that of the server is ${formatAge(difference)} ${side}` }]
        : []),
      ...(latency > LONG ? [{ ailment: SLOW, detail: text }] : []),
    ]
    return found.length === 0 ? `${text}, and the clocks agree` : found
  },
}
