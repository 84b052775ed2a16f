import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Extent } from '../measuring/workload.ts'
import type { AnyPeer, Place } from '../peers/peer.ts'
import { startServer } from '../peers/peer-server.ts'
import type { PartContext } from '../running/part.ts'
import type { Operation } from '../worker/store-calls.ts'
import { WorkerProcess } from '../worker/worker-process.ts'

/** A peer that runs, in as many processes as were asked for, which share one store. */
export interface Member {
  readonly peer: AnyPeer
  readonly processes: readonly WorkerProcess[]
  readonly operations: ReadonlySet<Operation>
}

/** The peers that can be measured here, in the order of the tables: ours, which the others are compared with, is the first. */
export class Crew implements AsyncDisposable {
  readonly #resources = new AsyncDisposableStack()
  readonly #context: PartContext
  readonly #ours: AnyPeer | undefined
  /** Those that have not failed yet. */
  members: Member[] = []

  constructor([ours]: readonly AnyPeer[], context: PartContext) {
    this.#ours = ours
    this.#context = context
  }

  /** Starts peers and fills their stores. Who cannot be opened, or gives back another value, is skipped. */
  async start(peers: readonly AnyPeer[], processes: number, extent: Extent): Promise<void> {
    for (const peer of peers)
      await this.attempt(peer, '', async () => {
        const member = await startMember(peer, processes, this.#resources)
        for (const [i, process] of member.processes.entries())
          await (i === 0 || !peer.shared ? process.ask('fill', extent) : process.ask('join', extent, i))
        this.members.push(member)
      })
  }

  /** Gives whether `step` did not throw. What a peer cannot do is skipped; what ours cannot do is an error. */
  async attempt(peer: AnyPeer, what: string, step: () => Promise<void>): Promise<boolean> {
    try {
      await step()
      return true
    } catch (error) {
      if (peer === this.#ours) throw error
      this.#context.skip(peer.name + what, reasonOf(error))
      return false
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#resources.disposeAsync()
  }
}

async function startMember(peer: AnyPeer, count: number, resources: AsyncDisposableStack): Promise<Member> {
  const directory = mkdtempSync(join(tmpdir(), 'diskcache-peer-'))
  resources.defer(() => rmSync(directory, { recursive: true }))
  const server = peer.server && resources.use(await startServer(peer.server, directory))
  const place: Place = { directory, ...(server && { address: server.address }) }
  const processes: WorkerProcess[] = []
  let operations: Operation[] = []
  // One after the other: the first makes the tables or directories that the others find.
  for (let i = 0; i < count; i++) {
    processes[i] = resources.use(startWorker(peer, place))
    operations = await processes[i]!.ask<Operation[]>('operations')
  }
  return { peer, processes, operations: new Set(operations) }
}

function startWorker(peer: AnyPeer, place: Place): WorkerProcess {
  const command = peer.program?.(place)
  return command ? new WorkerProcess(command) : WorkerProcess.of('store', { peer: peer.name, place })
}

/** Gives what a report says of why something cannot be measured. */
export function reasonOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error)
  return (message.split(/\. Tried| imported from |\n/)[0] ?? message).replaceAll(tmpdir(), '')
}
