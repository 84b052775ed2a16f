import { Script } from '../server/script.ts'
import { OPEN_WRITE, PUBLISH, READ_HEAD } from './script-parts.ts'

/**
 * Adds `ARGV[2]` to an entry that is an integer, and gives the sum. `ARGV[3]` is the new version; where there is no entry,
 * `ARGV[4]` becomes it, unless that is empty, with the time to live `ARGV[5]`. Gives `missing` where there was none, and
 * `other` for what is left to JavaScript: no integer, or one that a Lua number cannot hold.
 */
export const COUNT = new Script(`${OPEN_WRITE}${READ_HEAD}
if head == '' then
  if ARGV[4] ~= '' then
    redis.call('SET', KEYS[1], ARGV[4])
    if ARGV[5] ~= 'none' then
      redis.call('PEXPIREAT', KEYS[1], string.format('%.0f', math.floor(now) + ARGV[5]))
    end
    ${PUBLISH}
  end
  return 'missing'
end
if string.byte(head, 16) ~= 1 or string.sub(head, 17, 17) ~= 'i' then return 'other' end
local entry = redis.call('GET', KEYS[1])
local old = struct.unpack('>i8', string.sub(entry, -8))
local sum = old + ARGV[2]
if math.abs(old) > 9007199254740991 or math.abs(sum) > 9007199254740991 then return 'other' end
local changed = string.sub(entry, 1, 1) .. ARGV[3] .. string.sub(entry, 16, -9) .. struct.pack('>i8', sum)
redis.call('SET', KEYS[1], changed, 'KEEPTTL')
${PUBLISH}
return string.format('%.0f', sum)
`)
