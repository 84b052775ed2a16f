import { setTimeout } from 'node:timers/promises'
import { Deque } from '@diskcache/collections'
import { role } from '../../../cache/tests/processes/role.ts'

export interface IdleTakerJob {
  readonly directory: string
  readonly takers: number
}

export interface IdleTakerReport {
  /** Milliseconds of processor time in one second of waiting. */
  readonly spent: number
  readonly taken: unknown[]
}

/** Waits with many takers for items that nobody adds before its barrier. */
role<IdleTakerJob, IdleTakerReport>(async ({ directory, takers }, barrier) => {
  await using promises = new Deque(directory).promises
  const taken = Array.from({ length: takers }, () => promises.takeLeft())
  // What has to be compiled or opened is no part of waiting.
  await setTimeout(300)
  const before = process.cpuUsage()
  await setTimeout(1_000)
  const { user, system } = process.cpuUsage(before)
  await barrier()
  return { spent: (user + system) / 1e3, taken: await Promise.all(taken) }
})
