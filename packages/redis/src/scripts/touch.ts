import { Script } from '../server/script.ts'
import { chunksName, FIND_CHUNKS, OPEN_WRITE, PUBLISH, READ_HEAD, READING_TIME } from './script-parts.ts'

/**
 * Sets when an entry expires, and its chunks: in `ARGV[2]` milliseconds or, with `none`, never. `ARGV[3]` is the new
 * version, so that an update that has seen the old expiry is refused. Gives 1, or 0 where there is no entry; and the time.
 */
export const TOUCH = new Script(
  `${OPEN_WRITE}${READ_HEAD}
if head == '' then return { 0, now } end
${FIND_CHUNKS}
local own = chunks ~= '' and ${chunksName('chunks')}
if ARGV[2] == 'none' then
  call('PERSIST', KEYS[1])
  if own then call('PERSIST', own) end
else
  local expiry = math.floor(now) + ARGV[2]
  call('PEXPIREAT', KEYS[1], string.format('%.0f', expiry))
  if own then call('PEXPIREAT', own, string.format('%.0f', expiry + ${READING_TIME})) end
end
call('SETRANGE', KEYS[1], 1, ARGV[3])
${PUBLISH}
return { 1, now }
`,
  { timeAt: 1 },
)
