import { Script } from '../server/script.ts'
import { OPEN_WRITE, RETIRE_OLD } from './script-parts.ts'

/** The last argument of SET, if those who wait for its keys are to be told. */
export const TELL = 'tell'

/**
 * Makes or replaces the entries `KEYS`, whatever is there: `ARGV[2]` and so on are an entry and its time to live in
 * milliseconds, or `none`, for each, and perhaps {@link TELL}. Gives for each where the chunks are of what was there, or 0
 * for nothing; of one alone, which is the most frequent, nothing at all where there were no chunks.
 */
export const SET = new Script(`${OPEN_WRITE}
local replies = {}
local tells = #ARGV > 2 * #KEYS + 1
for i = 1, #KEYS do
  local old
  if ARGV[2 * i + 1] == 'none' then
    old = redis.call('SET', KEYS[i], ARGV[2 * i], 'GET')
  else
    old = redis.call('SET', KEYS[i], ARGV[2 * i], 'GET', 'PX', ARGV[2 * i + 1])
  end
  if tells then redis.pcall('SPUBLISH', KEYS[i], '') end
  if #KEYS == 1 and (not old or string.byte(old, 17) ~= 67) then return {} end
  ${RETIRE_OLD}
end
return replies
`)
