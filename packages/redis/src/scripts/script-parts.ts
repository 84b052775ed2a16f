import { REFERENCE_LENGTH } from '../bytes/entry-bytes.ts'

/** How long the chunks of a value live that was replaced, or has expired, for those who are reading it; milliseconds. */
export const READING_TIME = 60_000

/** `now`: the server's clock in epoch milliseconds, with a fraction; a reply has only the whole part. */
export const READ_CLOCK = `
local call = redis.call
local time = call('TIME')
local now = time[1] * 1000 + time[2] / 1000
`

/** How every script begins that writes: `ARGV[1]` is the server's time until which it may. */
export const OPEN_WRITE = `${READ_CLOCK}
if now > ARGV[1] + 0 then
  return redis.error_reply('LATE ' .. string.format('%.0f', now))
end
`

/**
 * How every script ends that wrote. A user who may not publish can still write. The channel is called like the key, so
 * that it belongs to the same server of a cluster.
 */
export const PUBLISH = `
redis.pcall('SPUBLISH', KEYS[1], '')
`

/** `head` is the beginning of what is there, as `entry-bytes.ts` describes it; empty: there is nothing. */
export const READ_HEAD = `
local head = call('GETRANGE', KEYS[1], 0, 20)
`

/** `chunks`: where those of the entry are that is there; empty: it has none. */
export const FIND_CHUNKS = `
local chunks = ''
if string.sub(head, 17, 17) == 'C' then
  chunks = call('GETRANGE', KEYS[1], -${REFERENCE_LENGTH}, -1)
end
`

/** Lua for the name of the chunks at the place that is in the variable `reference`; they are in the slot of their entry. */
export function chunksName(reference: string, key = 'KEYS[1]'): string {
  return `${key} .. ':' .. string.format('%08x%08x', struct.unpack('>I4I4', ${reference}))`
}

/** Lets the chunks at `chunks` live only for those who are reading them, in the step in which they lose their entry. */
export const RETIRE_CHUNKS = `
if chunks ~= '' then
  call('PEXPIRE', ${chunksName('chunks')}, ${READING_TIME})
end
`

/**
 * Lua of a function that removes an entry and gives it, or `false`. A key of another type, which some other program made
 * under the name of an entry, goes as well, and counts as an entry without bytes.
 */
export const REMOVE_ENTRY = `
local function remove(key)
  local old = redis.pcall('GETDEL', key)
  if type(old) ~= 'table' then return old end
  if not string.find(old.err, 'WRONGTYPE', 1, true) then return call('GETDEL', key) end
  call('UNLINK', key)
  return ''
end
`

/** Lua that adds to `replies` what was removed or replaced: `old` is an entry, or `false`. Its chunks are retired. */
export const RETIRE_OLD = `
local reply = 0
if old then
  reply = ''
  if string.sub(old, 17, 17) == 'C' then
    reply = string.sub(old, -${REFERENCE_LENGTH})
    call('PEXPIRE', ${chunksName('reply', 'KEYS[i]')}, ${READING_TIME})
  end
end
replies[i] = reply
`
