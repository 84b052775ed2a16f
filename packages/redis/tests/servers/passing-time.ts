import { COUNT } from '../../src/scripts/count.ts'
import { LOOK } from '../../src/scripts/look.ts'
import { PUT } from '../../src/scripts/put.ts'
import { TAKE } from '../../src/scripts/take.ts'
import { TOUCH } from '../../src/scripts/touch.ts'
import type { Argument, ClusterClient, RedisClient } from '../../src/server/redis-client.ts'
import type { Script } from '../../src/server/script.ts'

/** Where a time to live stands in the command of a script. */
const TTL_AT = new Map([
  [PUT, 6],
  [TOUCH, 5],
  [COUNT, 8],
])

type Command = (key: string, args: Argument[]) => Promise<unknown>

/**
 * Lets time pass on a server as a test's clock says, which stands still unless it is told to go on: Redis is asked to
 * keep everything for ever, and what has expired by the test's clock is removed before the next command.
 */
export class PassingTime {
  readonly #clock: () => number
  #removed = Promise.resolve()
  readonly #expireTimes = new Map<string, number>()

  constructor(clock: () => number) {
    this.#clock = clock
  }

  /** The client, on servers where time passes so. */
  in<C extends RedisClient>(client: C): C {
    const send = client.sendCommand.bind(client) as (...args: unknown[]) => Promise<unknown>
    const isCluster = 'nodeClient' in client
    const command: Command = (key, args) => (isCluster ? send(key, false, args) : send(args))
    const sendCommand = async (...parameters: unknown[]) => {
      const at = isCluster ? 2 : 0
      const args = parameters[at] as Argument[]
      await this.#removeExpired(command)
      return this.#run(args, (changed) => send(...parameters.with(at, changed)))
    }
    return new Proxy(client, {
      get: (target, name) => {
        if (name === 'sendCommand') return sendCommand
        const member: unknown = Reflect.get(target, name)
        if (name === 'nodeClient')
          return (node: never) =>
            this.#removeExpired(command).then(() => (target as ClusterClient).nodeClient(node))
        return typeof member === 'function' ? member.bind(target) : member
      },
    })
  }

  #removeExpired(command: Command): Promise<void> {
    this.#removed = this.#removed.then(() => this.#remove(command))
    return this.#removed
  }

  async #remove(command: Command): Promise<void> {
    for (const [key, time] of this.#expireTimes) {
      if (time > this.#clock()) continue
      this.#expireTimes.delete(key)
      await command(key, ['DEL', key])
    }
  }

  async #run(args: Argument[], send: (args: Argument[]) => Promise<unknown>): Promise<unknown> {
    const script = scriptOf(args)
    const key = String(args[3])
    const ttlAt = script && TTL_AT.get(script)
    if (ttlAt === undefined) return this.#tellExpiry(script, key, await send(args))
    const ttl = args[ttlAt] as string
    const reply = await send(ttl === 'keep' ? args : args.with(ttlAt, 'none'))
    if (Array.isArray(reply) ? reply[0] !== 0 : String(reply) === 'missing') this.#note(key, ttl)
    return reply
  }

  #note(key: string, ttl: string): void {
    if (ttl === 'none') this.#expireTimes.delete(key)
    else if (ttl !== 'keep') this.#expireTimes.set(key, this.#clock() + Number(ttl))
  }

  #tellExpiry(script: Script | undefined, key: string, reply: unknown): unknown {
    if ((script !== LOOK && script !== TAKE) || !Array.isArray(reply)) return reply
    return reply.with(1, this.#expireTimes.get(key) ?? -1)
  }
}

function scriptOf([command, text]: readonly Argument[]): Script | undefined {
  if (command !== 'EVALSHA' && command !== 'EVAL') return undefined
  return [...TTL_AT.keys(), LOOK, TAKE].find((script) => script.digest === text || script.text === text)
}
