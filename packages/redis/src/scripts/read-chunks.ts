import { Script } from '../server/script.ts'
import { READ_CLOCK, READING_TIME } from './script-parts.ts'

/**
 * Gives the chunks `ARGV[1]` and so on, and notes that somebody is going to read the others: should they be retired, they
 * stay for that. Where nothing may be written, they may go.
 */
export const READ_CHUNKS = new Script(`${READ_CLOCK}
local found = redis.call('HMGET', KEYS[1], unpack(ARGV))
if redis.call('EXISTS', KEYS[1]) == 1 then
  redis.pcall('HSET', KEYS[1], 'reading', string.format('%.0f', now + ${READING_TIME}))
  redis.pcall('PEXPIRE', KEYS[1], ${READING_TIME}, 'XX', 'GT')
end
return found
`)
