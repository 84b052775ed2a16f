import type { Command, Connection, Send } from './connection.ts'
import type { Deadline } from './deadline.ts'
import { engineError, isPassing, LostAnswer, replyCode } from './engine-error.ts'
import type { Argument } from './redis-client.ts'
import type { Script } from './script.ts'
import type { ServerClock } from './server-clock.ts'

/** How long it is waited, in milliseconds, before a server is asked again that could not do it. */
const PAUSE = 50

/** When Redis answered last. */
export interface LastAnswer {
  /** By this process's monotonic clock, in milliseconds. */
  time: number
}

/** One attempt to do something, after the trouble of the last. */
type Attempt<T> = (trouble: unknown) => Promise<T>

/** Commands and scripts, with the errors that the callers of a store get. */
export class Commands {
  readonly #connection: Connection
  readonly #answers: LastAnswer
  /** Whether scripts have to be sent as text, because the user may run them only so. */
  #sendsText = false

  constructor(connection: Connection, answers: LastAnswer) {
    this.#connection = connection
    this.#answers = answers
  }

  /** Whether one script may be about any keys. */
  get isOneServer(): boolean {
    return this.#connection.isOneServer
  }

  /** Sends a command that may be carried out at any time: it reads, or concerns what nobody else sees. */
  send(key: string, args: Argument[], deadline: Deadline): Promise<unknown> {
    return this.#persist(() => this.#connection.send(key, () => args, deadline), deadline)
  }

  /** Sends a command of which nobody needs to know whether it succeeds. */
  tell(key: string, args: Argument[], deadline: Deadline): void {
    this.#connection.send(key, () => args, deadline).catch(() => {})
  }

  async servers(deadline: Deadline): Promise<readonly Send[]> {
    const servers = await this.#persist(() => this.#connection.servers(), deadline)
    return servers.map(
      (send): Send =>
        (command, deadline) =>
          this.#persist(() => send(command, deadline), deadline),
    )
  }

  /** Runs a script that may be carried out at any time. */
  run(script: Script, key: string, args: readonly Argument[], deadline: Deadline): Promise<unknown> {
    return this.#persist((trouble) => this.#run(script, trouble, [key], () => args, deadline), deadline)
  }

  /**
   * Runs a script that begins with `OPEN_WRITE`, unless the server gets round to it only after the deadline. When it
   * fails, it is not done any more: one whose answer was lost fails when its time is up, and not before. Several keys
   * only on one server.
   */
  write(
    script: Script,
    keys: string | readonly string[],
    args: readonly Argument[],
    deadline: Deadline,
  ): Promise<unknown> {
    const list = typeof keys === 'string' ? [keys] : keys
    const withTime = (clock: ServerClock) => [clock.after(deadline.left), ...args]
    const attempt: Attempt<unknown> = (trouble) => this.#run(script, trouble, list, withTime, deadline)
    return this.#persist(attempt, deadline, true)
  }

  /** The script's text is sent once per server, and again when that was restarted. */
  async #run(
    script: Script,
    trouble: unknown,
    keys: readonly string[],
    args: (clock: ServerClock) => readonly Argument[],
    deadline: Deadline,
  ): Promise<unknown> {
    const isByText = this.#sendsText || replyCode(trouble) === 'NOSCRIPT'
    const head = isByText ? ['EVAL', script.text] : ['EVALSHA', script.digest]
    let clock: ServerClock | undefined
    const command: Command = (used) => {
      clock = used
      return [...head, String(keys.length), ...keys, ...args(used)]
    }
    try {
      const reply = await this.#connection.send(keys[0] as string, command, deadline)
      if (script.timeAt !== undefined) clock?.note(Number((reply as unknown[])[script.timeAt]))
      return reply
    } catch (error) {
      const late = lateTime(error)
      if (late !== undefined) clock?.note(late)
      else if (!isByText && isRefused(error)) this.#sendsText = true
      throw error
    }
  }

  /** Again for as long as there is time, when it is certain that nothing was done; with the last error. */
  async #persist<T>(attempt: Attempt<T>, deadline: Deadline, isWrite = false): Promise<T> {
    for (let trouble: unknown; ; ) {
      const sentText = this.#sendsText
      try {
        const reply = await deadline.race(attempt(trouble))
        this.#answers.time = performance.now()
        return reply
      } catch (error) {
        if (isWrite && error instanceof LostAnswer) await deadline.wait()
        if (this.#sendsText === sentText || !isRefused(error)) await this.#recover(error, deadline)
        trouble = error
      }
    }
  }

  /** Throws what the caller should get, or resolves when another attempt makes sense. */
  async #recover(error: unknown, deadline: Deadline): Promise<void> {
    if (isTakenBack(error)) throw deadline.reason
    if (isPassing(error)) await deadline.pause(PAUSE * (0.5 + Math.random()), error)
    else if (replyCode(error) !== 'NOSCRIPT' && lateTime(error) === undefined) throw engineError(error)
    if (deadline.left <= 0) throw deadline.timeoutError(error)
  }
}

/** The server's time, of what it refused as too late. */
function lateTime(error: unknown): number | undefined {
  const late = /^(?:ERR )?LATE (\d+)/.exec(error instanceof Error ? error.message : '')
  return late === null ? undefined : Number(late[1])
}

/** Whether the server runs no scripts by their digest: for this user, or not at all. */
function isRefused(error: unknown): boolean {
  return /^(?:NOPERM|ERR unknown command).*evalsha/i.test(error instanceof Error ? error.message : '')
}

/** node-redis rejects a command so that its signal kept from being sent. */
function isTakenBack(error: unknown): boolean {
  return error instanceof Error && error.constructor.name === 'AbortError'
}
