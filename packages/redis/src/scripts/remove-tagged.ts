import { Script } from '../server/script.ts'
import { OPEN_WRITE, RETIRE_OLD } from './script-parts.ts'

/**
 * Removes those of the entries `KEYS` that have the tag `ARGV[2]`, or, where that is empty, none. Gives for each where its chunks are, or 0 for those
 * that stay. What is no entry, or is cut off, has no tag, and stays.
 */
export const REMOVE_TAGGED = new Script(`${OPEN_WRITE}
local tag = ARGV[2]
local function has(key)
  local head = redis.pcall('GETRANGE', key, 0, 20 + #tag)
  if type(head) == 'table' then
    if string.find(head.err, 'WRONGTYPE', 1, true) then return false end
    return call('GETRANGE', key, 0, 0)
  end
  if #head < 21 or string.byte(head) ~= 1 then return false end
  local length = struct.unpack('>I4', head, 18)
  if #tag == 0 then return length == 0 end
  if length < #tag then return false end
  if string.sub(head, 22) == tag then return true end
  if length == #tag then return false end
  local tags = call('GETRANGE', key, 21, 20 + length)
  local at = 1
  while at + 4 <= #tags do
    local last = at + 4 + struct.unpack('>I4', tags, at + 1)
    if string.sub(tags, at, last) == tag then return true end
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
