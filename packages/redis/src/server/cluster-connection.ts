import { type Connection, type Send, takenBack } from './connection.ts'
import type { Deadline } from './deadline.ts'
import type { Argument, ClusterClient, Subscriber } from './redis-client.ts'

/** A cluster, over the caller's client. Replicas are not read, since they may not have what was just written. */
export class ClusterConnection implements Connection {
  readonly #client: ClusterClient

  constructor(client: ClusterClient) {
    this.#client = client
  }

  send(key: string, args: Argument[], deadline: Deadline): Promise<unknown> {
    return this.#client.sendCommand(key, false, args, takenBack(deadline))
  }

  /** One command each: they may be on any server. */
  getAll(keys: readonly string[], deadline: Deadline): Promise<(Buffer | null)[]> {
    return Promise.all(keys.map((key) => this.send(key, ['GET', key], deadline) as Promise<Buffer | null>))
  }

  exchangeAll(
    entries: readonly (readonly [string, Argument])[],
    deadline: Deadline,
  ): Promise<(Buffer | null)[]> {
    const exchange = ([key, entry]: readonly [string, Argument]) =>
      this.send(key, ['SET', key, entry, 'GET'], deadline) as Promise<Buffer | null>
    return Promise.all(entries.map(exchange))
  }

  servers(): Promise<readonly Send[]> {
    return Promise.all(
      this.#client.masters.map(async (node): Promise<Send> => {
        const server = await this.#client.nodeClient(node as never)
        return (args, deadline) => server.sendCommand(args, takenBack(deadline))
      }),
    )
  }

  /** node-redis has connections of its own for the messages of a cluster. */
  async subscriber(): Promise<Subscriber> {
    return this.#client
  }

  async close(): Promise<void> {}
}
