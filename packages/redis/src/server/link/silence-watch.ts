import { realTimers } from '@diskcache/core'
import { RESP_TYPES } from 'redis'
import type { Deadline } from '../deadline.ts'
import { connectError } from '../engine-error.ts'

/** How often it is looked whether answers come, in milliseconds. */
const STEP = 250

/** After how many steps without an answer nothing more is sent, and another connection is tried: one second. */
const SUSPICIOUS = 4

/** After how many the server is away: a second more than what Redis says `BUSY` after, whose scripts take so long. */
const AWAY = 24

/** How long an old connection may take, in milliseconds, when the server has answered over a new one. */
const LAST_CHANCE = 100

/** What is done about a connection whose server says nothing. */
export interface Remedy {
  /** Resolves when the server answers over another connection. */
  probe(): Promise<unknown>
  /** Has another connection made, instead of this one. */
  renew(cause: Error): void
}

/**
 * Finds out that answers do not come any more, although the connection seems to be in working order: what is written
 * may be swallowed for ever. A server that is merely busy, or stands still, says nothing over other connections, either.
 * Meanwhile nothing more is written: it would be lost, and keep node-redis's `socketTimeout` from noticing, too.
 */
export class SilenceWatch {
  readonly #remedy: Remedy | undefined
  #timer: NodeJS.Timeout | undefined
  /** How many commands have no answer. */
  #waiting = 0
  #hasHeard = false
  /** For how many steps nothing was heard. */
  #silence = 0
  #isProbing = false
  #held: PromiseWithResolvers<void> | undefined
  #typeMapping = asBuffers()

  /** Without a remedy, the connection is its owner's affair. */
  constructor(remedy?: Remedy) {
    this.#remedy = remedy
  }

  /** Whether nothing more is to be sent for now. */
  get isHolding(): boolean {
    return this.#held !== undefined
  }

  /** Resolves when something is heard, or the connection is another; rejects when the server counts as away. */
  async wait(deadline: Deadline): Promise<void> {
    // Who tries again and again must not keep the process from hearing.
    await realTimers.turn()
    if (this.#held !== undefined) await deadline.race(this.#held.promise)
  }

  /** How replies to commands that are sent now become values. */
  get typeMapping(): object {
    return this.#typeMapping
  }

  /** What is held goes on: the connection is another. */
  release(): void {
    if (this.#silence > 0) this.#typeMapping = asBuffers()
    this.#silence = 0
    this.#held?.resolve()
    this.#held = undefined
  }

  /** A command is sent. */
  begin(): void {
    this.#waiting++
    // When this process stood still itself, what Redis has answered meanwhile is read first.
    this.#timer ??= realTimers.setInterval(() => realTimers.setImmediate(() => this.#look()), STEP).unref()
  }

  /** A command has got an answer, or has none to expect. */
  end(isAnswered: boolean): void {
    this.#waiting--
    if (isAnswered) this.hear()
  }

  /** A part of an answer has come. */
  hear(): void {
    this.#hasHeard = true
    if (this.#held !== undefined) this.release()
  }

  #look(): void {
    const isQuiet = !this.#hasHeard && this.#waiting > 0
    this.#hasHeard = false
    if (this.#waiting === 0) {
      realTimers.clearInterval(this.#timer)
      this.#timer = undefined
    }
    if (!isQuiet) {
      this.release()
      return
    }
    this.#silence++
    if (this.#silence === 1) this.#listen()
    if (this.#silence === SUSPICIOUS) this.#hold()
    if (this.#silence === AWAY) this.#giveUp(`Redis has not answered for ${(AWAY * STEP) / 1_000} seconds`)
    else if (this.#silence >= SUSPICIOUS && !this.#isProbing) void this.#probe()
  }

  /**
   * Hears when a string begins to come, of a reply that may take long as a whole: node-redis looks at the mapping then.
   * Only now, since it takes longer to look at a getter.
   */
  #listen(): void {
    const get = () => {
      this.hear()
      return Buffer
    }
    Object.defineProperty(this.#typeMapping, RESP_TYPES.BLOB_STRING, { get })
  }

  #hold(): void {
    this.#held = Promise.withResolvers()
    this.#held.promise.catch(() => {})
  }

  async #probe(): Promise<void> {
    if (this.#remedy === undefined) return
    this.#isProbing = true
    try {
      await this.#remedy.probe()
      await realTimers.delay(LAST_CHANCE, undefined, { ref: false })
      if (this.#held !== undefined)
        this.#giveUp('Redis answers over another connection, and not over this one')
    } catch {
      // It is tried again, as long as nothing is heard.
    } finally {
      this.#isProbing = false
    }
  }

  #giveUp(message: string): void {
    const cause = new Error(message)
    if (this.#remedy === undefined) this.#held?.reject(connectError(cause))
    else this.#remedy.renew(cause)
  }
}

function asBuffers(): object {
  return { [RESP_TYPES.BLOB_STRING]: Buffer }
}
