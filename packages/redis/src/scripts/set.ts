import { Script } from '../server/script.ts'
import { OPEN_WRITE, PUBLISH, RETIRE_OLD } from './script-parts.ts'

/**
 * Makes or replaces the entries `KEYS`, whatever is there: `ARGV[2]` and so on are an entry and its time to live in
 * milliseconds, or `none`, for each. Gives for each where the chunks are of what was there, or 0 for nothing; and the
 * time. One tells those who wait for its key.
 */
export const SET = new Script(
  `${OPEN_WRITE}
local replies = {}
for i = 1, #KEYS do
  local ttl = ARGV[2 * i + 1]
  local old
  if ttl == 'none' then
    old = redis.call('SET', KEYS[i], ARGV[2 * i], 'GET')
  else
    old = redis.call('SET', KEYS[i], ARGV[2 * i], 'GET', 'PX', ttl)
  end
  ${RETIRE_OLD}
end
if #KEYS == 1 then
  ${PUBLISH}
end
replies[#KEYS + 1] = now
return replies
`,
)
