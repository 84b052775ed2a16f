import { createHash } from 'node:crypto'

/** A program in Lua about one key, which the server runs as one step. */
export class Script {
  readonly text: string
  /** What the server calls it. */
  readonly digest: string

  constructor(text: string) {
    this.text = text
    this.digest = createHash('sha1').update(text).digest('hex')
  }
}

/** `now`: the server's clock in epoch milliseconds, with a fraction; a reply has only the whole part. */
export const READ_CLOCK = `
local time = redis.call('TIME')
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
