import type { EventEmitter } from 'node:events'
import { COUNT } from '../../src/scripts/count.ts'
import { LOOK } from '../../src/scripts/look.ts'
import { PUT } from '../../src/scripts/put.ts'
import { SET, SET_MANY } from '../../src/scripts/set.ts'
import { TOUCH } from '../../src/scripts/touch.ts'
import {
  type Argument,
  type ClusterClient,
  type ClusterNode,
  type CommandOptions,
  isCluster,
  type RedisClient,
  type ServerClient,
} from '../../src/server/redis-client.ts'
import type { Script } from '../../src/server/script.ts'

/** Where a time to live stands in the command of a script about one key, if it has one. */
const TTL_AT = new Map([
  [PUT, 3],
  [TOUCH, 2],
  [COUNT, 5],
  [SET, 3],
])

/** The node of a cluster that another object stands for. */
const RAW = Symbol('raw')

function rawNode(node: object): object {
  return (node as { [RAW]?: object })[RAW] ?? node
}

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
    const cluster = client as ClusterClient
    const servers = new Map<ServerClient, ServerClient>()
    const nodes = new Map<object, ClusterNode>()
    const onServer = (server: ServerClient) => {
      const known = servers.get(server) ?? this.#onServer(server)
      if (!servers.has(server)) (server as ServerClient & EventEmitter).setMaxListeners(0)
      servers.set(server, known)
      return known
    }
    const onNode = (node: ClusterNode) => {
      const known = nodes.get(node) ?? this.#onNode(node, onServer)
      nodes.set(node, known)
      return known
    }
    return this.#changed(client, {
      nodeClient: async (node: never) => onServer(await cluster.nodeClient(rawNode(node) as never)),
      get masters() {
        return cluster.masters.map(onNode)
      },
      get slots() {
        const get = (_: object, slot: string) => ({ master: onNode(cluster.slots[Number(slot)]!.master) })
        return new Proxy({}, { get: get as never })
      },
    })
  }

  #onNode(node: ClusterNode, onServer: (server: ServerClient) => ServerClient): ClusterNode {
    return {
      [RAW]: node,
      get client() {
        return node.client && onServer(node.client)
      },
    } as ClusterNode
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
    const ttlAt = script === undefined ? [] : ttlPlaces(script, count)
    if (ttlAt.length === 0) return this.#tellExpiry(script, keys[0], await send(args))
    const ttls = ttlAt.map((at) => String(args[at] ?? 'none'))
    const reply = await send(withoutTtls(args, ttlAt, script))
    const isSet = script === SET || script === SET_MANY
    const isDone = isSet || (Array.isArray(reply) ? reply[0] !== 0 : String(reply) === 'missing')
    if (isDone) for (const [i, ttl] of ttls.entries()) this.#note(server, keys[i] as string, ttl)
    return reply
  }

  #note(server: ServerClient, key: string, ttl: string): void {
    if (ttl === 'none') this.#expireTimes.delete(key)
    else if (ttl !== 'keep') this.#expireTimes.set(key, { time: this.#clock() + Number(ttl), server })
  }

  #tellExpiry(script: Script | undefined, key: string | undefined, reply: unknown): unknown {
    if (script !== LOOK || !Array.isArray(reply)) return reply
    return reply.with(1, this.#expireTimes.get(key as string)?.time ?? -1)
  }
}

/** The places of the words that are times to live, one for each entry; of some, they are missing. */
function ttlPlaces(script: Script, keys: number): number[] {
  const firstArgument = 2 + keys
  if (script === SET_MANY) {
    // The last two keys are of no entries.
    const entries = keys - 2
    return Array.from({ length: entries }, (_, i) => firstArgument + 2 + entries + i)
  }
  const at = TTL_AT.get(script)
  return at === undefined ? [] : [firstArgument + at]
}

function withoutTtls(
  args: readonly Argument[],
  places: readonly number[],
  script: Script | undefined,
): Argument[] {
  if (script === SET) return args.slice(0, places[0])
  return args.map((arg, at) => (places.includes(at) && arg !== 'keep' ? 'none' : arg))
}

function scriptOf([command, text]: readonly Argument[]): Script | undefined {
  if (command !== 'EVALSHA' && command !== 'EVAL') return undefined
  return [...TTL_AT.keys(), SET_MANY, LOOK].find((script) => script.digest === text || script.text === text)
}
