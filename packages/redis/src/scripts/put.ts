import { REFERENCE_LENGTH } from '../bytes/entry-bytes.ts'
import { Script } from '../server/script.ts'
import {
  chunksName,
  FIND_CHUNKS,
  OPEN_WRITE,
  PUBLISH,
  READ_HEAD,
  READING_TIME,
  RETIRE_CHUNKS,
} from './script-parts.ts'

/**
 * Makes or replaces an entry.
 * `ARGV[2]` the entry; `[3]` its time to live in milliseconds, `none`, or `keep`; `[4]` the version that must be there,
 * `absent`, or nothing; `[5]` how many chunks the entry refers to. They must be there, and live from now on as long as
 * it does, and `KEYS[2]`, if given, notes that there is one like it. Gives the chunks of what was there, and the time; or 0, the time, and what is there instead, when the
 * condition is not met.
 */
const TEXT = `${OPEN_WRITE}${READ_HEAD}
local condition = ARGV[4]
if (condition == 'absent' and head ~= '')
  or (condition ~= 'absent' and condition ~= '' and string.sub(head, 2, 15) ~= condition) then
  return { 0, now, redis.call('GET', KEYS[1]), redis.call('PEXPIRETIME', KEYS[1]) }
end
local own
if ARGV[5] ~= '0' then
  local reference = string.sub(ARGV[2], -${REFERENCE_LENGTH})
  own = ${chunksName('reference')}
  if redis.call('HLEN', own) ~= tonumber(ARGV[5]) then
    return redis.error_reply('GONE a part of the value was evicted')
  end
end
${FIND_CHUNKS}
if ARGV[3] == 'none' then
  redis.call('SET', KEYS[1], ARGV[2])
elseif ARGV[3] == 'keep' then
  redis.call('SET', KEYS[1], ARGV[2], 'KEEPTTL')
else
  redis.call('SET', KEYS[1], ARGV[2], 'PXAT', string.format('%.0f', math.floor(now) + ARGV[3]))
end
if own then
  if KEYS[2] then redis.call('SET', KEYS[2], '') end
  local expiry = redis.call('PEXPIRETIME', KEYS[1])
  if expiry < 0 then
    redis.call('PERSIST', own)
  else
    redis.call('PEXPIREAT', own, expiry + ${READING_TIME})
  end
end
${RETIRE_CHUNKS}
${PUBLISH}
return { chunks, now }
`

export const PUT = new Script(TEXT, { timeAt: 1 })

/** The same, also on a server that is full, for an entry that takes no more room than what is there. */
export const PUT_SMALLER = new Script(
  `#!lua flags=allow-oom
if redis.call('STRLEN', KEYS[1]) < #ARGV[2] then
  return redis.error_reply('OOM the server is full, and the entry would take more room')
end
${TEXT}`,
  { timeAt: 1 },
)
