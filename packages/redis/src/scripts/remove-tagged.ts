import { Script } from '../server/script.ts'
import { FIND_CHUNKS, OPEN_WRITE, PUBLISH, READ_HEAD } from './script-parts.ts'

/** Removes an entry that has the tag `ARGV[2]`, as the script for removal does. */
export const REMOVE_TAGGED = new Script(`${OPEN_WRITE}${READ_HEAD}
if #head < 21 then return 0 end
local length = struct.unpack('>I4', head, 18)
if length < #ARGV[2] then return 0 end
local tags = redis.call('GETRANGE', KEYS[1], 21, 20 + length)
local at = 1
while at <= length do
  local last = at + 4 + struct.unpack('>I4', tags, at + 1)
  if string.sub(tags, at, last) == ARGV[2] then
    ${FIND_CHUNKS}
    redis.call('DEL', KEYS[1])
    ${PUBLISH}
    return chunks
  end
  at = last + 1
end
return 0
`)
