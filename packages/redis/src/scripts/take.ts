import { Script } from '../server/script.ts'
import { OPEN_WRITE, PUBLISH, READ_HEAD } from './script-parts.ts'

/** Gives the entry and when it expires, and removes it, unless its value is in chunks, which must be read first. */
export const TAKE = new Script(
  `${OPEN_WRITE}${READ_HEAD}
local found = { call('GET', KEYS[1]), call('PEXPIRETIME', KEYS[1]), now }
if head ~= '' and string.sub(head, 17, 17) ~= 'C' then
  call('DEL', KEYS[1])
  ${PUBLISH}
end
return found
`,
  { timeAt: 2 },
)
