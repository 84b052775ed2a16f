import { Script } from './script.ts'
import { READ_CLOCK } from './script-parts.ts'

/** Gives the entry, when it expires (-1: never), and the time. */
export const LOOK = new Script(`${READ_CLOCK}
return { redis.call('GET', KEYS[1]), redis.call('PEXPIRETIME', KEYS[1]), now }
`)
