import type { Connection, Send } from './connection.ts'
import type { Deadline } from './deadline.ts'
import { engineError, isPassing, replyCode } from './engine-error.ts'
import type { Argument } from './redis-client.ts'
import type { Script } from './script.ts'
import { ServerClock } from './server-clock.ts'

/** How long it is waited, in milliseconds, before a server is asked again that could not do it. */
const PAUSE = 50

/** When Redis answered last. */
export interface LastAnswer {
  /** By this process's monotonic clock, in milliseconds. */
  time: number
}

/** A command about one key. */
export interface KeyCommand {
  readonly key: string
  readonly args: Argument[]
}

/** Commands and scripts, with the errors that the callers of a store get. */
export class Commands {
  readonly clock = new ServerClock()
  readonly #connection: Connection
  readonly #answers: LastAnswer

  constructor(connection: Connection, answers: LastAnswer) {
    this.#connection = connection
    this.#answers = answers
  }

  send(key: string, args: Argument[], deadline: Deadline): Promise<unknown> {
    return this.#persist(() => this.#connection.send(key, args, deadline), deadline)
  }

  /** Sends a command of which nobody needs to know whether it succeeds. */
  tell(key: string, args: Argument[], deadline: Deadline): void {
    this.#connection.send(key, args, deadline).catch(() => {})
  }

  /** Each for itself, and what became of it, when all of them are done. For many, this costs less than `send`. */
  async sendAll(
    commands: readonly KeyCommand[],
    deadline: Deadline,
  ): Promise<PromiseSettledResult<unknown>[]> {
    const replies = commands.map(({ key, args }) => {
      const attempt = () => this.#connection.send(key, args, deadline)
      return attempt().catch(async (error) => {
        await this.#recover(error, deadline)
        return this.#persist(attempt, deadline)
      })
    })
    const settled = await deadline.race(Promise.allSettled(replies))
    if (settled.some(({ status }) => status === 'fulfilled')) this.#answers.time = performance.now()
    return settled
  }

  getAll(keys: readonly string[], deadline: Deadline): Promise<(Buffer | null)[]> {
    return this.#persist(() => this.#connection.getAll(keys, deadline), deadline)
  }

  exchangeAll(
    entries: readonly (readonly [string, Argument])[],
    deadline: Deadline,
  ): Promise<(Buffer | null)[]> {
    return this.#persist(() => this.#connection.exchangeAll(entries, deadline), deadline)
  }

  async servers(deadline: Deadline): Promise<readonly Send[]> {
    const servers = await this.#persist(() => this.#connection.servers(), deadline)
    return servers.map(
      (send): Send =>
        (args, deadline) =>
          this.#persist(() => send(args, deadline), deadline),
    )
  }

  run(script: Script, key: string, args: readonly Argument[], deadline: Deadline): Promise<unknown> {
    const attempt = (trouble: unknown) => this.#run(script, trouble, key, args, deadline)
    return this.#persist(attempt, deadline)
  }

  /** Runs a script that begins with `OPEN_WRITE`, unless the server gets round to it only after the deadline. */
  write(script: Script, key: string, args: readonly Argument[], deadline: Deadline): Promise<unknown> {
    const attempt = (trouble: unknown) =>
      this.#run(script, trouble, key, [this.clock.after(deadline.left), ...args], deadline)
    return this.#persist(attempt, deadline)
  }

  /** The script's text is sent once per server, and again when that was restarted. */
  #run(
    { digest, text }: Script,
    trouble: unknown,
    key: string,
    args: readonly Argument[],
    deadline: Deadline,
  ): Promise<unknown> {
    const isUnknown = replyCode(trouble) === 'NOSCRIPT'
    const command = isUnknown ? ['EVAL', text, '1', key, ...args] : ['EVALSHA', digest, '1', key, ...args]
    return this.#connection.send(key, command, deadline)
  }

  /** Again for as long as there is time, when it is certain that nothing was done; with the last error. */
  async #persist<T>(attempt: (trouble: unknown) => Promise<T>, deadline: Deadline): Promise<T> {
    for (let trouble: unknown; ; ) {
      try {
        const reply = await deadline.race(attempt(trouble))
        this.#answers.time = performance.now()
        return reply
      } catch (error) {
        await this.#recover(error, deadline)
        trouble = error
      }
    }
  }

  /** Throws what the caller should get, or resolves when another attempt makes sense. */
  async #recover(error: unknown, deadline: Deadline): Promise<void> {
    if (isTakenBack(error)) throw deadline.reason
    const late = /^(?:ERR )?LATE (\d+)/.exec(error instanceof Error ? error.message : '')
    if (late !== null) this.clock.note(Number(late[1]))
    else if (isPassing(error)) await deadline.pause(PAUSE * (0.5 + Math.random()), error)
    else if (replyCode(error) !== 'NOSCRIPT') throw engineError(error)
    if (deadline.left <= 0) throw deadline.timeoutError(error)
  }
}

/** node-redis rejects a command so that its signal kept from being sent. */
function isTakenBack(error: unknown): boolean {
  return error instanceof Error && error.constructor.name === 'AbortError'
}
