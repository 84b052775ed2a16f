import type { Store } from '@diskcache/cache'
import { LEASE, openVanishing, QUEUE_ERROR } from './open-vanishing.ts'
import type { VanishUserReport } from './vanish-user.ts'
import type { Vanishing } from './vanishing.ts'

/** The two processes: the first one holds the lock, the second one waits for it. */
export const USERS = ['holder', 'waiter'] as const
const FACES = ['set', 'promises.set']

/** A process looks once a second, and its clock has a grain: what it does from this time on is judged; milliseconds. */
export const SETTLED = 1_250
/** How soon an item must be taken, in milliseconds. */
const SOON = 1_500

/** What a newcomer cannot do, as a list of one sentence, or none. */
export function failureOf(what: string, act: () => void): string[] {
  try {
    act()
    return []
  } catch (error) {
    return [`a newcomer cannot ${what}: ${error}`]
  }
}

/** The keys of writes that were acknowledged, and began later than that. */
export function writesAfter(reports: readonly VanishUserReport[], time: number): string[] {
  return reports.flatMap(({ written }) => written.filter(([, began]) => began >= time).map(([key]) => key))
}

/** Acknowledged writes that a newcomer does not find, and faces that never succeed again. */
export function lostWrites(written: readonly string[], directory: string, isSharded: boolean): string[] {
  using store = openVanishing(directory, isSharded)
  const lost = written.filter((key) => failureOf(key, () => expectKey(store, key)).length > 0)
  const text = `${lost.length} of ${written.length} acknowledged writes are not there: ${lost[0]}`
  return [...(lost.length === 0 ? [] : [text]), ...silentFaces(written)]
}

function expectKey(store: Pick<Store, 'get'>, key: string): void {
  const value = store.get(key)
  if (!String(value).startsWith(key)) throw new Error(`${key} is ${value}`)
}

/** Faces that never succeed again. */
export function silentFaces(written: readonly string[]): string[] {
  const faces = USERS.flatMap((user) => FACES.map((face) => `${user} ${face}`))
  return faces
    .filter((face) => !written.some((key) => key.startsWith(`${face} `)))
    .map((face) => `${face} never succeeds again`)
}

/**
 * A lock of a directory that is gone is lost, and another process gets it; never do two hold it. Where writes may be
 * lost, a holder learns by its next renewal that the last one was.
 */
export function wrongHolds(
  [holder, waiter]: readonly VanishUserReport[],
  happened: number,
  { isGone, mayLose }: Vanishing,
): string[] {
  const lastHeld = holder?.lastHeld ?? 0
  const acquired = waiter?.acquired
  const settled = happened + SETTLED + (mayLose ? LEASE / 3 : 0)
  const faults: string[] = []
  if (isGone && lastHeld > settled) faults.push(`a lock counts as held ${lastHeld - happened} ms later`)
  if (acquired !== undefined && lastHeld > Math.max(acquired, settled)) faults.push('a lock has two holders')
  if (isGone && acquired === undefined) faults.push('who waits for a lock never gets it')
  return faults
}

/** Both processes wait for items; two came. A queue is no cache: it may say that it is damaged. */
export function sleepers(reports: readonly VanishUserReport[], appended: number): string[] {
  if (reports.some(({ typed }) => `${QUEUE_ERROR}ERR_DISKCACHE_CORRUPT` in typed)) return []
  const taken = reports.flatMap(({ taken }) => taken)
  const late = taken.filter(([, time]) => time > appended + SOON)
  return taken.length < 2 || late.length > 0
    ? [`of 2 items, ${taken.length} were taken, ${late.length} late`]
    : []
}
