import { REFERENCE_LENGTH } from './entry-bytes.ts'
import { OPEN_WRITE, PUBLISH, READ_CLOCK, Script } from './script.ts'

/** `head` is the beginning of what is there, as `entry-bytes.ts` describes it; empty: there is nothing. */
const READ_HEAD = `
local head = redis.call('GETRANGE', KEYS[1], 0, 20)
`

/** `chunks`: where those of the entry are that is there; empty: it has none. */
const FIND_CHUNKS = `
local chunks = ''
if string.sub(head, 17, 17) == 'C' then
  chunks = redis.call('GETRANGE', KEYS[1], -${REFERENCE_LENGTH}, -1)
end
`

/** Gives the entry, when it expires (-1: never), and the time. */
export const LOOK = new Script(`${READ_CLOCK}
return { redis.call('GET', KEYS[1]), redis.call('PEXPIRETIME', KEYS[1]), now }
`)

/**
 * Makes or replaces an entry.
 * `ARGV[2]` the entry; `[3]` its time to live in milliseconds, `none`, or `keep`; `[4]` the version that must be there,
 * `absent`, or nothing. Gives the chunks of what was there, or 0 when the condition is not met; and the time.
 */
export const PUT = new Script(`${OPEN_WRITE}${READ_HEAD}
local condition = ARGV[4]
if condition == 'absent' then
  if head ~= '' then return { 0, now } end
elseif condition ~= '' and string.sub(head, 2, 15) ~= condition then
  return { 0, now }
end
${FIND_CHUNKS}
if ARGV[3] == 'none' then
  redis.call('SET', KEYS[1], ARGV[2])
elseif ARGV[3] == 'keep' then
  redis.call('SET', KEYS[1], ARGV[2], 'KEEPTTL')
else
  redis.call('SET', KEYS[1], ARGV[2], 'PXAT', string.format('%.0f', math.floor(now) + ARGV[3]))
end
${PUBLISH}
return { chunks, now }
`)

/**
 * Removes an entry. `ARGV[2]` the version that must be there, or nothing.
 * Gives the chunks of what was there, or 0 when there was nothing, or another version.
 */
export const REMOVE = new Script(`${OPEN_WRITE}${READ_HEAD}
if head == '' or (ARGV[2] ~= '' and string.sub(head, 2, 15) ~= ARGV[2]) then return 0 end
${FIND_CHUNKS}
redis.call('DEL', KEYS[1])
${PUBLISH}
return chunks
`)

/** Removes an entry that has the tag `ARGV[2]`, as {@link REMOVE} does. */
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

/** Gives the entry and when it expires, and removes it, unless its value is in chunks, which must be read first. */
export const TAKE = new Script(`${OPEN_WRITE}${READ_HEAD}
local found = { redis.call('GET', KEYS[1]), redis.call('PEXPIRETIME', KEYS[1]), now }
if head ~= '' and string.sub(head, 17, 17) ~= 'C' then
  redis.call('DEL', KEYS[1])
  ${PUBLISH}
end
return found
`)

/** Sets when an entry expires: in `ARGV[2]` milliseconds or, with `none`, never. Gives its chunks, or 0; and the time. */
export const TOUCH = new Script(`${OPEN_WRITE}${READ_HEAD}
if head == '' then return { 0, now } end
${FIND_CHUNKS}
if ARGV[2] == 'none' then
  redis.call('PERSIST', KEYS[1])
else
  redis.call('PEXPIREAT', KEYS[1], string.format('%.0f', math.floor(now) + ARGV[2]))
end
${PUBLISH}
return { chunks, now }
`)

/**
 * Adds `ARGV[2]` to an entry that is an integer, and gives the sum. `ARGV[3]` is the new version; where there is no entry,
 * `ARGV[4]` becomes it, unless that is empty, with the time to live `ARGV[5]`. Gives `missing` where there was none, and
 * `other` for what is left to JavaScript: no integer, or one that a Lua number cannot hold.
 */
export const COUNT = new Script(`${OPEN_WRITE}${READ_HEAD}
if head == '' then
  if ARGV[4] ~= '' then
    redis.call('SET', KEYS[1], ARGV[4])
    if ARGV[5] ~= 'none' then
      redis.call('PEXPIREAT', KEYS[1], string.format('%.0f', math.floor(now) + ARGV[5]))
    end
    ${PUBLISH}
  end
  return 'missing'
end
if string.byte(head, 16) ~= 1 or string.sub(head, 17, 17) ~= 'i' then return 'other' end
local entry = redis.call('GET', KEYS[1])
local old = struct.unpack('>i8', string.sub(entry, -8))
local sum = old + ARGV[2]
if math.abs(old) > 9007199254740991 or math.abs(sum) > 9007199254740991 then return 'other' end
local changed = string.sub(entry, 1, 1) .. ARGV[3] .. string.sub(entry, 16, -9) .. struct.pack('>i8', sum)
redis.call('SET', KEYS[1], changed, 'KEEPTTL')
${PUBLISH}
return string.format('%.0f', sum)
`)
