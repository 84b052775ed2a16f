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
