import { CHUNKED, REFERENCE_LENGTH } from '../bytes/entry-bytes.ts'
import { Script } from '../server/script.ts'
import { chunksName, OPEN_WRITE, READING_TIME } from './script-parts.ts'

/**
 * Makes or replaces the entry `KEYS[1]`, whatever is there: `ARGV[2]` the entry, `ARGV[3]` its time to live in
 * milliseconds, if it has one. Gives where the chunks are of what was there, or nothing. It is the most frequent of all,
 * so it does no more than it must.
 */
export const SET = new Script(`${OPEN_WRITE}
local key = KEYS[1]
local old
if ARGV[3] then
  old = call('SET', key, ARGV[2], 'GET', 'PX', ARGV[3])
else
  old = call('SET', key, ARGV[2], 'GET')
end
redis.pcall('SPUBLISH', key, '')
if old and string.byte(old, 17) == ${CHUNKED} then
  local reference = string.sub(old, -${REFERENCE_LENGTH})
  call('PEXPIRE', ${chunksName('reference', 'key')}, ${READING_TIME})
  return reference
end
`)

/**
 * Makes or replaces many entries, whatever is there. The last two of `KEYS` are where it is noted that some value is in chunks,
 * and the channel of all who listen for changes; `ARGV` has an entry for each of the others, and perhaps, after these, the time to live of each, or `none`. Gives the
 * number of each that was in chunks, and where they are.
 */
export const SET_MANY = new Script(`${OPEN_WRITE}
local count = #KEYS - 2
local replaced = {}
if call('EXISTS', KEYS[count + 1]) == 1 then
  for i = 1, count do
    if call('GETRANGE', KEYS[i], 16, 16) == 'C' then
      local reference = call('GETRANGE', KEYS[i], -${REFERENCE_LENGTH}, -1)
      call('PEXPIRE', ${chunksName('reference', 'KEYS[i]')}, ${READING_TIME})
      replaced[#replaced + 1] = i
      replaced[#replaced + 1] = reference
    end
  end
end
local times = #ARGV > count + 1
local plain = {}
for i = 1, count do
  if times and ARGV[count + 1 + i] ~= 'none' then
    call('SET', KEYS[i], ARGV[i + 1], 'PX', ARGV[count + 1 + i])
  else
    plain[#plain + 1] = KEYS[i]
    plain[#plain + 1] = ARGV[i + 1]
  end
end
if #plain > 0 then call('MSET', unpack(plain)) end
local all = redis.pcall('PUBSUB', 'SHARDNUMSUB', KEYS[count + 2])
if all.err or all[2] > 0 then
  for i = 1, count do redis.pcall('SPUBLISH', KEYS[i], '') end
end
return replaced
`)
