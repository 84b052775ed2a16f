import { Script } from '../server/script.ts'
import { OPEN_WRITE, RETIRE_OLD } from './script-parts.ts'

/**
 * Removes those of the entries `KEYS` that have one of the tags that follow `ARGV[1]`, or, where one of these is empty,
 * none. Gives for each where its chunks are, or 0 for those that stay. What is no entry, or is cut off, has no tag, and
 * stays.
 */
export const REMOVE_TAGGED = new Script(`${OPEN_WRITE}
local wanted, longest = {}, 5
for i = 2, #ARGV do
  wanted[ARGV[i]] = true
  longest = math.max(longest, #ARGV[i])
end
local function has(key)
  local head = redis.pcall('GETRANGE', key, 0, 20 + longest)
  if type(head) == 'table' then
    if string.find(head.err, 'WRONGTYPE', 1, true) then return false end
    return call('GETRANGE', key, 0, 0)
  end
  if #head < 21 or string.byte(head) ~= 1 then return false end
  local first, last = 22, 21 + struct.unpack('>I4', head, 18)
  -- The tags come after the metadata.
  if last >= 26 and #head >= 26 and string.byte(head, 22) == 77 then
    first = 27 + struct.unpack('>I4', head, 23)
  end
  if first == last + 1 then return wanted[''] end
  local tags = string.sub(head, first, last)
  if #head < last then tags = call('GETRANGE', key, first - 1, last - 1) end
  local at = 1
  while at + 4 <= #tags do
    local last = at + 4 + struct.unpack('>I4', tags, at + 1)
    if wanted[string.sub(tags, at, last)] then return true end
    at = last + 1
  end
  return false
end
local replies = {}
for i = 1, #KEYS do
  local old = has(KEYS[i]) and call('GETDEL', KEYS[i])
  ${RETIRE_OLD}
  if old then redis.pcall('SPUBLISH', KEYS[i], '') end
end
return replies
`)
