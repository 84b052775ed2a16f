import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import type { Store } from '@diskcache/cache'
import { Deque } from '@diskcache/collections'
import { Child, meet, results } from '../../../../../packages/cache/tests/processes/child.ts'
import type { Random } from '../../../../../packages/cache/tests/processes/random.ts'
import { openVanishing, QUEUE_ERROR } from './open-vanishing.ts'
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

const USERS = ['holder', 'waiter']
const FACES = ['set', 'promises.set']
const USER = new URL('./vanish-user.ts', import.meta.url)

/** A process looks once a second, and its clock has a grain: what it does from this time on is judged; milliseconds. */
const SETTLED = 1_250
const DURATION = 4_200
/** When an item comes for the one who waits, and how soon it must be taken. */
const APPENDED = 1_500
const SOON = 1_500

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
  if (faults.length === 0) faults.push(...lostWrites(written, own, isSharded))
  faults.push(
    ...wrongHolds(reports, happened, vanishing.isGone),
    ...reports.flatMap(({ untyped }) => untyped),
  )
  if (!isSharded) faults.push(...sleepers(reports, happened + APPENDED))
  const name = `${vanishing.name}${isSharded ? ', shards' : ''}`
  return { name, acknowledged: written.length, faults, typed: sumOf(reports.map(({ typed }) => typed)) }
}

function failureOf(what: string, act: () => void): string[] {
  try {
    act()
    return []
  } catch (error) {
    return [`a newcomer cannot ${what}: ${error}`]
  }
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

function writesAfter(reports: readonly VanishUserReport[], time: number): string[] {
  return reports.flatMap(({ written }) => written.filter(([, began]) => began >= time).map(([key]) => key))
}

/** Acknowledged writes that a newcomer does not find, and faces that never succeed again. */
function lostWrites(written: readonly string[], directory: string, isSharded: boolean): string[] {
  using store = openVanishing(directory, isSharded)
  const lost = written.filter((key) => failureOf(key, () => expectKey(store, key)).length > 0)
  const text = `${lost.length} of ${written.length} acknowledged writes are not there: ${lost[0]}`
  return [...(lost.length === 0 ? [] : [text]), ...silentFaces(written)]
}

function expectKey(store: Pick<Store, 'get'>, key: string): void {
  const value = store.get(key)
  if (!String(value).startsWith(key)) throw new Error(`${key} is ${value}`)
}

function silentFaces(written: readonly string[]): string[] {
  const faces = USERS.flatMap((user) => FACES.map((face) => `${user} ${face}`))
  return faces
    .filter((face) => !written.some((key) => key.startsWith(`${face} `)))
    .map((face) => `${face} never succeeds again`)
}

function wrongHolds(
  [holder, waiter]: readonly VanishUserReport[],
  happened: number,
  isGone: boolean,
): string[] {
  const lastHeld = holder?.lastHeld ?? 0
  const acquired = waiter?.acquired
  const settled = happened + SETTLED
  const faults: string[] = []
  if (isGone && lastHeld > settled) faults.push(`a lock counts as held ${lastHeld - happened} ms later`)
  if (acquired !== undefined && lastHeld > Math.max(acquired, settled)) faults.push('a lock has two holders')
  if (isGone && acquired === undefined) faults.push('who waits for a lock never gets it')
  return faults
}

/** Both processes wait for items; two came. A queue is no cache: it may say that it is damaged. */
function sleepers(reports: readonly VanishUserReport[], appended: number): string[] {
  if (reports.some(({ typed }) => `${QUEUE_ERROR}ERR_DISKCACHE_CORRUPT` in typed)) return []
  const taken = reports.flatMap(({ taken }) => taken)
  const late = taken.filter(([, time]) => time > appended + SOON)
  return taken.length < 2 || late.length > 0
    ? [`of 2 items, ${taken.length} were taken, ${late.length} late`]
    : []
}

function sumOf(counts: readonly Readonly<Record<string, number>>[]): Record<string, number> {
  const sum: Record<string, number> = {}
  for (const [code, count] of counts.flatMap((one) => Object.entries(one)))
    sum[code] = (sum[code] ?? 0) + count
  return sum
}
