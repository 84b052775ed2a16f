import { Script } from '../server/script.ts'
import { FIND_CHUNKS, OPEN_WRITE, PUBLISH, READ_HEAD, RETIRE_CHUNKS } from './script-parts.ts'

/**
 * Removes an entry. `ARGV[2]` the version that must be there, or nothing.
 * Gives the chunks of what was there, or 0 when there was nothing, or another version.
 */
export const REMOVE = new Script(`${OPEN_WRITE}${READ_HEAD}
if head == '' or (ARGV[2] ~= '' and string.sub(head, 2, 15) ~= ARGV[2]) then return 0 end
${FIND_CHUNKS}
${RETIRE_CHUNKS}
call('DEL', KEYS[1])
${PUBLISH}
return chunks
`)
