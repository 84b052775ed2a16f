import { type Command, PlainCommand, ScriptCommand } from './command.ts'
import type { Connection, Send } from './connection.ts'
import type { Deadline } from './deadline.ts'
import { engineError, isPassing, LostAnswer, lateTime, replyCode } from './engine-error.ts'
import type { Argument } from './redis-client.ts'
import type { Script } from './script.ts'
import type { ChangeListener } from './tracking.ts'

/** How long it is waited, in milliseconds, before a server is asked again that could not do it. */
const PAUSE = 50

/** When Redis answered last. */
export interface LastAnswer {
  /** By this process's monotonic clock, in milliseconds. */
  time: number
}

/** Sends one command to one server. */
export type SendWords = (words: Argument[], deadline: Deadline) => Promise<unknown>

/** Stands for a command where none is sent yet. */
const NONE = new PlainCommand([])

/** Commands and scripts, with the errors that the callers of a store get. */
export class Commands {
  readonly #connection: Connection
  readonly #answers: LastAnswer
  /** What is told of the store's own changes, before they are made and afterwards. */
  readonly #listener: ChangeListener | undefined
  /** Whether scripts have to be sent as text, because the user may run them only so. */
  #sendsText = false

  constructor(connection: Connection, answers: LastAnswer, listener: ChangeListener | undefined) {
    this.#connection = connection
    this.#answers = answers
    this.#listener = listener
  }

  /** Whether one script may be about any keys. */
  get isOneServer(): boolean {
    return this.#connection.isOneServer
  }

  /** The time by the clock of the server that has the key, or a little less; `undefined` where it has to be asked. */
  timeOf(key: string): number | undefined {
    return this.#connection.linkOf(key)?.clock.now
  }

  /** Sends a command that may be carried out at any time: it reads, or concerns what nobody else sees. */
  send(key: string, words: Argument[], deadline: Deadline): Promise<unknown> {
    return this.#request(key, new PlainCommand(words), deadline)
  }

  /** Sends a command of which nobody needs to know whether it succeeds. */
  tell(key: string, words: Argument[], deadline: Deadline): void {
    this.#connection.send(key, new PlainCommand(words), deadline).catch(() => {})
  }

  async servers(deadline: Deadline): Promise<readonly SendWords[]> {
    const servers = (await this.#persist(() => this.#connection.servers(), NONE, deadline)) as readonly Send[]
    return servers.map((send) => (words, deadline) => {
      const command = new PlainCommand(words)
      return this.#persist(() => send(command, deadline), command, deadline)
    })
  }

  /** Runs a script that may be carried out at any time. Several keys only on one server. */
  run(
    script: Script,
    keys: readonly string[],
    args: readonly Argument[],
    deadline: Deadline,
  ): Promise<unknown> {
    const command = new ScriptCommand({ script, keys, args }, this.#sendsText)
    return this.#request(keys[0] as string, command, deadline)
  }

  /**
   * Runs a script that begins with `OPEN_WRITE`, unless the server gets round to it only after the deadline. When it
   * fails, it is not done any more: one whose answer was lost fails when its time is up, and not before. Several keys
   * only on one server.
   */
  write(
    script: Script,
    keys: readonly string[],
    args: readonly Argument[],
    deadline: Deadline,
  ): Promise<unknown> {
    const command = new ScriptCommand({ script, keys, args, deadline }, this.#sendsText)
    if (this.#listener === undefined) return this.#request(keys[0] as string, command, deadline)
    this.#forget(keys)
    return this.#request(keys[0] as string, command, deadline).finally(() => this.#forget(keys))
  }

  #forget(keys: readonly string[]): void {
    for (const key of keys) this.#listener?.forget(key)
  }

  #request(key: string, command: Command, deadline: Deadline): Promise<unknown> {
    return this.#persist(() => this.#connection.send(key, command, deadline), command, deadline)
  }

  /** Again for as long as there is time, when it is certain that nothing was done; with the last error. */
  async #persist(send: () => Promise<unknown>, command: Command, deadline: Deadline): Promise<unknown> {
    for (;;) {
      try {
        const reply = await send()
        deadline.throwIfPassed()
        this.#answers.time = performance.now()
        return reply
      } catch (error) {
        await this.#recover(error, command, deadline)
      }
    }
  }

  /** Throws what the caller should get, or resolves when another attempt makes sense. */
  async #recover(error: unknown, command: Command, deadline: Deadline): Promise<void> {
    if (command.isWrite && error instanceof LostAnswer) await deadline.expire(engineError(error))
    if (isTakenBack(error)) throw deadline.reason
    if (command instanceof ScriptCommand && this.#changesForm(error, command)) return
    if (isPassing(error)) await deadline.pause(PAUSE * (0.5 + Math.random()), error)
    else if (lateTime(error) === undefined) throw engineError(error)
    if (deadline.left <= 0) throw deadline.timeoutError(error)
  }

  /** Whether the script's text is sent next: once per server and whenever that was restarted, or from now on. */
  #changesForm(error: unknown, command: ScriptCommand): boolean {
    if (command.isByText) return false
    if (isRefused(error)) this.#sendsText = true
    command.isByText = this.#sendsText || replyCode(error) === 'NOSCRIPT'
    return command.isByText
  }
}

/** Whether the server runs no scripts by their digest: for this user, or not at all. */
function isRefused(error: unknown): boolean {
  return /^(?:NOPERM|ERR unknown command).*evalsha/i.test(error instanceof Error ? error.message : '')
}

/** node-redis rejects a command so that its signal kept from being sent. */
function isTakenBack(error: unknown): boolean {
  return error instanceof Error && error.constructor.name === 'AbortError'
}
