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
 * By how much a guess of the time may be behind the server's clock, in milliseconds: no more than what the holder of the
 * shortest lease does without in any case.
 */
export const CLOCK_LAG = 10

/**
 * Makes or replaces an entry.
 * `ARGV[2]` the entry; `[3]` its time to live in milliseconds, `none`, or `keep`; `[4]` the version that must be there,
 * `absent`, or nothing; `[5]` how many chunks the entry refers to; `[6]` the time by which it was decided, if that was a
 * guess. The chunks must be there, and live from now on as long as the entry does; `KEYS[2]`, if given, notes that there
 * are some. Gives the chunks of what was there, and the time; or 0, the time, and what is there instead, when the
 * condition is not met, or the guess was wrong.
 */
const TEXT = `${OPEN_WRITE}${READ_HEAD}
local condition = ARGV[4]
local told = ARGV[6] and ARGV[6] + 0
if (condition == 'absent' and head ~= '')
  or (condition ~= 'absent' and condition ~= '' and string.sub(head, 2, 15) ~= condition)
  or (told and (now < told or now > told + ${CLOCK_LAG})) then
  return { 0, now, call('GET', KEYS[1]), call('PEXPIRETIME', KEYS[1]) }
end
local own
if ARGV[5] ~= '0' then
  local reference = string.sub(ARGV[2], -${REFERENCE_LENGTH})
  own = ${chunksName('reference')}
  if call('HLEN', own) ~= tonumber(ARGV[5]) then
    return redis.error_reply('GONE a part of the value was evicted')
  end
end
${FIND_CHUNKS}
if ARGV[3] == 'none' then
  call('SET', KEYS[1], ARGV[2])
elseif ARGV[3] == 'keep' then
  call('SET', KEYS[1], ARGV[2], 'KEEPTTL')
else
  call('SET', KEYS[1], ARGV[2], 'PXAT', string.format('%.0f', math.floor(now) + ARGV[3]))
end
if own then
  if KEYS[2] then call('SET', KEYS[2], '') end
  local expiry = call('PEXPIRETIME', KEYS[1])
  if expiry < 0 then
    call('PERSIST', own)
  else
    call('PEXPIREAT', own, expiry + ${READING_TIME})
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
