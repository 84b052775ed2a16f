import { Script } from '../server/script.ts'
import { OPEN_WRITE, PUBLISH, RETIRE_OLD } from './script-parts.ts'

/**
 * Makes or replaces the entries `KEYS`, whatever is there: `ARGV[2]` and so on are an entry and its time to live in
 * milliseconds, or `none`, for each. Gives for each where the chunks are of what was there, or 0 for nothing. One
 * alone, which is the most frequent, tells those who wait for its key, and gives nothing where there were no chunks.
 */
export const SET = new Script(`${OPEN_WRITE}
local function set(key, entry, ttl)
  if ttl == 'none' then return redis.call('SET', key, entry, 'GET') end
  return redis.call('SET', key, entry, 'GET', 'PX', ttl)
end
local replies = {}
for i = 1, #KEYS do
  local old = set(KEYS[i], ARGV[2 * i], ARGV[2 * i + 1])
  if #KEYS == 1 then
    ${PUBLISH}
    if not old or string.byte(old, 17) ~= 67 then return {} end
  end
  ${RETIRE_OLD}
end
return replies
`)
