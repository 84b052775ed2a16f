import { Script } from '../server/script.ts'
import { OPEN_WRITE, PUBLISH } from './script-parts.ts'

/**
 * Adds `ARGV[2]` to an entry that is an integer, and gives the sum. `ARGV[3]` is the new version; where there is no entry,
 * one is made of the integer `ARGV[4]`, unless that is empty, with the time to live `ARGV[5]` and the tags `ARGV[7]`. `ARGV[6]` is how far
 * the number may go on its way to the sum. Gives `missing` where there was none, and
 * `other` for what is left to JavaScript: no integer, or one that a Lua number cannot hold.
 */
export const COUNT = new Script(`${OPEN_WRITE}
local entry = call('GET', KEYS[1])
if not entry then
  if ARGV[4] ~= '' then
    local head = '\\1' .. ARGV[3] .. '\\1i' .. struct.pack('>I4', #ARGV[7])
    call('SET', KEYS[1], head .. ARGV[7] .. struct.pack('>i8', ARGV[4]))
    if ARGV[5] ~= 'none' then
      call('PEXPIREAT', KEYS[1], string.format('%.0f', math.floor(now) + ARGV[5]))
    end
    ${PUBLISH}
  end
  return 'missing'
end
local mode, form = string.byte(entry, 16, 17)
if mode ~= 1 or form ~= 105 or string.byte(entry) ~= 1 or #entry < 29 then return 'other' end
if #entry ~= 29 + struct.unpack('>I4', entry, 18) then return 'other' end
local old = struct.unpack('>i8', entry, #entry - 7)
local sum = old + ARGV[2]
local most = 9007199254740991
if math.abs(old) + ARGV[6] > most or math.abs(sum) > most then return 'other' end
call('SETRANGE', KEYS[1], 1, ARGV[3] .. string.sub(entry, 16, -9) .. struct.pack('>i8', sum))
${PUBLISH}
-- As text where node-redis would round it; else not, since a fifth of the script's time is spent on that.
if sum > 9e15 or sum < -9e15 then return string.format('%.0f', sum) end
return sum
`)
