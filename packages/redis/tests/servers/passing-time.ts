import type { EventEmitter } from 'node:events'
import { COUNT } from '../../src/scripts/count.ts'
import { LOOK } from '../../src/scripts/look.ts'
import { PUT } from '../../src/scripts/put.ts'
import { SET } from '../../src/scripts/set.ts'
import { TAKE } from '../../src/scripts/take.ts'
import { TOUCH } from '../../src/scripts/touch.ts'
import {
  type Argument,
  type ClusterClient,
  type CommandOptions,
  isCluster,
  type RedisClient,
  type ServerClient,
} from '../../src/server/redis-client.ts'
import type { Script } from '../../src/server/script.ts'

/** Where a time to live stands in the command of a script about one key. */
const TTL_AT = new Map([
  [PUT, 6],
  [TOUCH, 5],
  [COUNT, 8],
  [SET, 6],
])

/**
 * Lets time pass on a server as a test's clock says, which stands still unless it is told to go on: Redis is asked to
 * keep everything for ever, and what has expired by the test's clock is removed before the next command.
 */
export class PassingTime {
  readonly #clock: () => number
  #removed = Promise.resolve()
  readonly #expireTimes = new Map<string, { time: number; server: ServerClient }>()

  constructor(clock: () => number) {
    this.#clock = clock
  }

  /** The client, on servers where time passes so. */
  in<C extends RedisClient>(client: C): C {
    return isCluster(client) ? this.#inCluster(client) : this.#onServer(client as ServerClient as C)
  }

  #inCluster<C extends RedisClient>(client: C): C {
    const nodes = new Map<ServerClient, ServerClient>()
    const nodeClient = async (node: never) => {
      const server = await (client as ClusterClient).nodeClient(node)
      ;(server as ServerClient & EventEmitter).setMaxListeners(0)
      const known = nodes.get(server) ?? this.#onServer(server)
      nodes.set(server, known)
      return known
    }
    return this.#changed(client, { nodeClient })
  }

  #onServer<C extends RedisClient>(client: C): C {
    const server = client as ServerClient
    const sendCommand = async (args: readonly Argument[], options: CommandOptions) => {
      await this.#removeExpired(server)
      return this.#run(server, args, (changed) => server.sendCommand(changed, options))
    }
    return this.#changed(client, { sendCommand })
  }

  #changed<C extends RedisClient>(client: C, members: object): C {
    return new Proxy(client, {
      get: (target, name) => {
        const member: unknown = Reflect.get(members, name) ?? Reflect.get(target, name)
        return typeof member === 'function' ? member.bind(target) : member
      },
    })
  }

  #removeExpired(server: ServerClient): Promise<void> {
    this.#removed = this.#removed.then(() => this.#remove(server))
    return this.#removed
  }

  /** By the client that wrote it, or another one to the same server when that is closed. */
  async #remove(other: ServerClient): Promise<void> {
    for (const [key, { time, server }] of this.#expireTimes) {
      if (time > this.#clock()) continue
      this.#expireTimes.delete(key)
      await (server.isOpen ? server : other).sendCommand(['DEL', key])
    }
  }

  async #run(
    server: ServerClient,
    args: readonly Argument[],
    send: (args: readonly Argument[]) => Promise<unknown>,
  ): Promise<unknown> {
    const script = scriptOf(args)
    const count = Number(args[2])
    const keys = args.slice(3, 3 + count).map(String)
    const first = script && TTL_AT.get(script)
    if (first === undefined) return this.#tellExpiry(script, keys[0], await send(args))
    // Several keys have their arguments in pairs, behind all of them.
    const ttlAt = keys.map((_, i) => first + count - 1 + 2 * i)
    const ttls = ttlAt.map((at) => String(args[at]))
    const changed = args.map((arg, at) => (ttlAt.includes(at) && arg !== 'keep' ? 'none' : arg))
    const reply = await send(changed)
    const isDone = script === SET || (Array.isArray(reply) ? reply[0] !== 0 : String(reply) === 'missing')
    if (isDone) for (const [i, key] of keys.entries()) this.#note(server, key, ttls[i] as string)
    return reply
  }

  #note(server: ServerClient, key: string, ttl: string): void {
    if (ttl === 'none') this.#expireTimes.delete(key)
    else if (ttl !== 'keep') this.#expireTimes.set(key, { time: this.#clock() + Number(ttl), server })
  }

  #tellExpiry(script: Script | undefined, key: string | undefined, reply: unknown): unknown {
    if ((script !== LOOK && script !== TAKE) || !Array.isArray(reply)) return reply
    return reply.with(1, this.#expireTimes.get(key as string)?.time ?? -1)
  }
}

function scriptOf([command, text]: readonly Argument[]): Script | undefined {
  if (command !== 'EVALSHA' && command !== 'EVAL') return undefined
  return [...TTL_AT.keys(), LOOK, TAKE].find((script) => script.digest === text || script.text === text)
}
