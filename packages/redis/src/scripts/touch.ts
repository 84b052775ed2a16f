import { Script } from '../server/script.ts'
import { FIND_CHUNKS, OPEN_WRITE, PUBLISH, READ_HEAD } from './script-parts.ts'

/**
 * Sets when an entry expires: in `ARGV[2]` milliseconds or, with `none`, never. `ARGV[3]` is the new version, so that an
 * update that has seen the old expiry is refused. Gives the entry's chunks, or 0; and the time.
 */
export const TOUCH = new Script(`${OPEN_WRITE}${READ_HEAD}
if head == '' then return { 0, now } end
${FIND_CHUNKS}
if ARGV[2] == 'none' then
  redis.call('PERSIST', KEYS[1])
else
  redis.call('PEXPIREAT', KEYS[1], string.format('%.0f', math.floor(now) + ARGV[2]))
end
redis.call('SETRANGE', KEYS[1], 1, ARGV[3])
${PUBLISH}
return { chunks, now }
`)
