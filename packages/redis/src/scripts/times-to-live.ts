import { Script } from '../server/script.ts'

/** Gives for how many milliseconds each of `KEYS` lives: -1 for ever, -2 where there is nothing. */
export const TIMES_TO_LIVE = new Script(`
local call, times = redis.call, {}
for i = 1, #KEYS do times[i] = call('PTTL', KEYS[i]) end
return times
`)
