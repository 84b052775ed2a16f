import type { Deadline } from './deadline.ts'
import type { ServerClock } from './link/server-clock.ts'
import type { Argument } from './redis-client.ts'
import type { Script } from './script.ts'

/** A command that is made just before it is sent. */
export interface Command {
  /** Whether it is refused when the server gets round to it too late. */
  readonly isWrite: boolean
  /** Where the server's time stands in its reply, in epoch milliseconds. */
  readonly timeAt: number | undefined
  /** Gives its words, for the server with this clock. */
  wordsFor(clock: ServerClock): Argument[]
}

/** A command that does not depend on the time. */
export class PlainCommand implements Command {
  readonly timeAt = undefined
  readonly isWrite = false
  readonly #words: Argument[]

  constructor(words: Argument[]) {
    this.#words = words
  }

  wordsFor(): Argument[] {
    return this.#words
  }
}

interface ScriptCall {
  readonly script: Script
  readonly keys: readonly string[]
  readonly args: readonly Argument[]
  /** When it must be carried out, for what begins with `OPEN_WRITE`. */
  readonly deadline?: Deadline | undefined
}

/** A script that is run: by its digest or, where the server does not know that, by its text. */
export class ScriptCommand implements Command {
  isByText: boolean
  readonly #call: ScriptCall

  constructor(call: ScriptCall, isByText: boolean) {
    this.#call = call
    this.isByText = isByText
  }

  get isWrite(): boolean {
    return this.#call.deadline !== undefined
  }

  get timeAt(): number | undefined {
    return this.#call.script.timeAt
  }

  wordsFor(clock: ServerClock): Argument[] {
    const { script, keys, args, deadline } = this.#call
    const words: Argument[] = this.isByText ? ['EVAL', script.text] : ['EVALSHA', script.digest]
    words.push(String(keys.length), ...keys)
    if (deadline !== undefined) words.push(clock.at(deadline.end))
    words.push(...args)
    return words
  }
}
