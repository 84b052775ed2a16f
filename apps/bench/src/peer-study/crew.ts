import { mkdtempSync, rmSync } from 'node:fs'
import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Peer, Place } from '../peers/peer.ts'
import type { Operation } from '../peers/peer-operation.ts'
import { PeerProcess } from '../peers/peer-process.ts'
import { missingServer, PeerServer } from '../peers/peer-server.ts'
import type { Extent } from '../peers/peer-workload.ts'
import type { PartContext } from '../report/part.ts'

/** A peer that runs, in as many processes as were asked for, which share one store. */
export interface Member {
  readonly peer: Peer
  readonly processes: readonly [PeerProcess, ...PeerProcess[]]
  readonly operations: ReadonlySet<Operation>
}

/** The peers that can be measured here, each in processes of its own, which wait for what they are asked. */
export class Crew implements AsyncDisposable {
  readonly #resources: AsyncDisposableStack
  readonly #context: PartContext
  /** In the order of the tables. Ours is the first. */
  readonly members: readonly [Member, ...Member[]]

  private constructor(
    resources: AsyncDisposableStack,
    context: PartContext,
    members: readonly [Member, ...Member[]],
  ) {
    this.#resources = resources
    this.#context = context
    this.members = members
  }

  /** Peers that cannot be opened are skipped; without the first, which the others are compared with, it throws. */
  static async start(peers: readonly Peer[], processes: number, context: PartContext): Promise<Crew> {
    await using resources = new AsyncDisposableStack()
    const starting = peers.map((peer) => () => startOrSkip(peer, peer === peers[0]))
    const started = await inGroups(availableParallelism(), starting)
    const [first, ...others] = started.filter((member) => member !== undefined)
    if (first === undefined) throw new RangeError('Cannot start a crew: there are no peers')
    return new Crew(resources.move(), context, [first, ...others])

    async function startOrSkip(peer: Peer, isFirst: boolean): Promise<Member | undefined> {
      await using own = new AsyncDisposableStack()
      try {
        const member = await startMember(peer, processes, own)
        const kept = own.move()
        resources.defer(() => kept.disposeAsync())
        return member
      } catch (error) {
        if (isFirst) throw error
        context.skip(peer.name, reasonOf(error))
        return undefined
      }
    }
  }

  /**
   * Gives every store its values, in all members that can take them: a peer that gives back another value, or that
   * refuses such values, is skipped.
   */
  async fill({ keys, bytes }: Extent): Promise<readonly Member[]> {
    const filled: Member[] = []
    for (const member of this.members) {
      await this.attempt(member, `values of ${bytes} bytes`, async () => {
        const [first, ...others] = member.processes
        await first.ask(`fill ${keys} ${bytes}`)
        for (const [i, other] of others.entries()) await other.ask(`join ${keys} ${bytes} ${i + 1}`)
        filled.push(member)
      })
    }
    return filled
  }

  /** Gives whether `step` did not throw. What a peer other than ours cannot do is reported as skipped. */
  async attempt(member: Member, what: string, step: () => Promise<void>): Promise<boolean> {
    try {
      await step()
      return true
    } catch (error) {
      if (member === this.members[0]) throw error
      this.#context.skip(`${member.peer.name}, ${what}`, reasonOf(error))
      return false
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#resources.disposeAsync()
  }
}

/** As many at a time as there are processors; the results in the order of the steps. Throws when no step runs any more. */
async function inGroups<T>(size: number, steps: readonly (() => Promise<T>)[]): Promise<T[]> {
  const results: T[] = []
  for (let i = 0; i < steps.length; i += size) {
    const settled = await Promise.allSettled(steps.slice(i, i + size).map((step) => step()))
    for (const result of settled) {
      if (result.status === 'rejected') throw result.reason
      results.push(result.value)
    }
  }
  return results
}

async function startMember(peer: Peer, count: number, resources: AsyncDisposableStack): Promise<Member> {
  const missing = peer.server && missingServer(peer.server)
  if (missing !== undefined) throw new Error(missing)
  const directory = mkdtempSync(join(tmpdir(), 'diskcache-peer-'))
  resources.defer(() => rmSync(directory, { recursive: true }))
  const server = peer.server && resources.use(await PeerServer.start(peer.server, directory))
  const place: Place = server === undefined ? { directory } : { directory, address: server.address }
  const start = () => resources.use(PeerProcess.of(peer, place))
  const first = start()
  // The first makes the tables or directories that the others find.
  const operations = (await first.ask('operations')) as Operation[]
  const others = Array.from({ length: count - 1 }, start)
  for (const other of others) await other.ask('operations')
  return { peer, processes: [first, ...others], operations: new Set(operations) }
}

function reasonOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error)
  return (message.split(/\. Tried| imported from |\n/)[0] ?? message).replaceAll(tmpdir(), '')
}
