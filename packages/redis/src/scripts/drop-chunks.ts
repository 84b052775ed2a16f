import { Script } from '../server/script.ts'
import { READ_CLOCK } from './script-parts.ts'

/** Removes chunks, unless somebody is reading them: then they stay until nobody has for a while. */
export const DROP_CHUNKS = new Script(`${READ_CLOCK}
local reading = redis.call('HGET', KEYS[1], 'reading')
if reading and reading + 0 > now then return 0 end
return redis.call('UNLINK', KEYS[1])
`)
