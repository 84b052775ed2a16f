import { Script } from '../server/script.ts'
import { FIND_CHUNKS, OPEN_WRITE, PUBLISH, READ_HEAD } from './script-parts.ts'

/**
 * Makes or replaces an entry.
 * `ARGV[2]` the entry; `[3]` its time to live in milliseconds, `none`, or `keep`; `[4]` the version that must be there,
 * `absent`, or nothing. Gives the chunks of what was there, or 0 when the condition is not met; and the time.
 */
export const PUT = new Script(`${OPEN_WRITE}${READ_HEAD}
local condition = ARGV[4]
if condition == 'absent' then
  if head ~= '' then return { 0, now } end
elseif condition ~= '' and string.sub(head, 2, 15) ~= condition then
  return { 0, now }
end
${FIND_CHUNKS}
if ARGV[3] == 'none' then
  redis.call('SET', KEYS[1], ARGV[2])
elseif ARGV[3] == 'keep' then
  redis.call('SET', KEYS[1], ARGV[2], 'KEEPTTL')
else
  redis.call('SET', KEYS[1], ARGV[2], 'PXAT', string.format('%.0f', math.floor(now) + ARGV[3]))
end
${PUBLISH}
return { chunks, now }
`)
