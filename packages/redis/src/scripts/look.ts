import { Script } from '../server/script.ts'
import { READ_CLOCK } from './script-parts.ts'

/** What LOOK replies: times in epoch milliseconds, the expiry -1 for never. */
export type LookReply = [entry: Buffer | null, expireTime: number, now: number]

/** Gives the entry, when it expires (-1: never), and the time. */
export const LOOK = new Script(
  `${READ_CLOCK}
return { call('GET', KEYS[1]), call('PEXPIRETIME', KEYS[1]), now }
`,
  { timeAt: 2 },
)
