import { createHash } from 'node:crypto'

/** A program in Lua, which the server runs as one step: about one key, or about several that are on one server. */
export class Script {
  readonly text: string
  /** What the server calls it. */
  readonly digest: string
  /** Where the server's time stands in its reply, in epoch milliseconds. */
  readonly timeAt: number | undefined

  constructor(text: string, { timeAt }: { timeAt?: number } = {}) {
    this.text = text
    this.digest = createHash('sha1').update(text).digest('hex')
    this.timeAt = timeAt
  }
}
