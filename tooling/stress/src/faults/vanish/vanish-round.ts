import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { Deque } from '@diskcache/collections'
import { Child, meet, results } from '../../../../../packages/cache/tests/processes/child.ts'
import type { Random } from '../../../../../packages/cache/tests/processes/random.ts'
import { openVanishing } from './open-vanishing.ts'
import {
  failureOf,
  lostWrites,
  SETTLED,
  silentFaces,
  sleepers,
  USERS,
  writesAfter,
  wrongHolds,
} from './vanish-judge.ts'
import type { VanishUserJob, VanishUserReport } from './vanish-user.ts'
import type { Vanishing } from './vanishing.ts'

export interface VanishRound {
  readonly vanishing: Vanishing
  readonly isSharded: boolean
  /** Empty, and its own. */
  readonly directory: string
  readonly random: Random
}

export interface VanishOutcome {
  readonly name: string
  /** Writes that were acknowledged later than a second after it had happened. */
  readonly acknowledged: number
  /** What is wrong, each as a sentence. */
  readonly faults: readonly string[]
  /** The codes of errors that a caller can handle. */
  readonly typed: Readonly<Record<string, number>>
}

const USER = new URL('./vanish-user.ts', import.meta.url)

const DURATION = 4_200
/** When items come for those who wait, in milliseconds after it happened. */
const APPENDED = 1_500

/** Lets a directory vanish under two processes, and judges what they were told. */
export async function vanishRound(round: VanishRound): Promise<VanishOutcome> {
  const { vanishing, isSharded, directory, random } = round
  const [own, other] = [join(directory, 'own'), join(directory, 'other')]
  for (const path of [own, other]) prepare(path, isSharded)
  const children = await startUsers(own, isSharded)
  await setTimeout(200 + random.below(600))
  const faults = failureOf('make it happen', () => vanishing.happen(own, other, isSharded))
  const happened = Date.now()
  await setTimeout(APPENDED)
  if (!isSharded) faults.push(...failureOf('append', () => append(own)))
  const reports = await results(children)
  const written = writesAfter(reports, happened + SETTLED)
  faults.push(...failureOf('open it', () => openVanishing(own, isSharded).close()))
  if (vanishing.mayLose) faults.push(...silentFaces(written))
  else if (faults.length === 0) faults.push(...lostWrites(written, own, isSharded))
  faults.push(...wrongHolds(reports, happened, vanishing), ...reports.flatMap(({ untyped }) => untyped))
  if (!isSharded && !vanishing.mayLose) faults.push(...sleepers(reports, happened + APPENDED))
  const name = `${vanishing.name}${isSharded ? ', shards' : ''}`
  return { name, acknowledged: written.length, faults, typed: sumOf(reports.map(({ typed }) => typed)) }
}

function prepare(directory: string, isSharded: boolean): void {
  mkdirSync(directory)
  const store = openVanishing(directory, isSharded)
  for (let i = 0; i < 20; i++) store.set(`before ${i}`, i)
  store.close()
  if (!isSharded) new Deque(join(directory, 'queue')).close()
}

async function startUsers(directory: string, isSharded: boolean): Promise<Child<VanishUserReport>[]> {
  const children = USERS.map((id) => {
    const job: VanishUserJob = { directory, isSharded, id, holds: id === 'holder', duration: DURATION }
    return Child.process<VanishUserReport>(USER, job, { limit: 60_000 })
  })
  await meet(children)
  return children
}

/** What another process does that opens the directory now. */
function append(directory: string): void {
  const deque = new Deque(join(directory, 'queue'))
  for (const item of ['first', 'second']) deque.append(item)
  deque.close()
}

function sumOf(counts: readonly Readonly<Record<string, number>>[]): Record<string, number> {
  const sum: Record<string, number> = {}
  for (const [code, count] of counts.flatMap((one) => Object.entries(one)))
    sum[code] = (sum[code] ?? 0) + count
  return sum
}
