import { Script } from '../server/script.ts'
import { OPEN_WRITE, REMOVE_ENTRY, RETIRE_OLD } from './script-parts.ts'

/** Removes the entries `KEYS`. Gives for each where the chunks are of what was there, or 0 for nothing. */
export const REMOVE_MANY = new Script(`${OPEN_WRITE}${REMOVE_ENTRY}
local replies = {}
for i = 1, #KEYS do
  local old = remove(KEYS[i])
  ${RETIRE_OLD}
  if old then redis.pcall('SPUBLISH', KEYS[i], '') end
end
return replies
`)
