import type { AbsentReport } from './absent-worker.ts'
import type { Asked, Request } from './asking.ts'
import { failuresOf, isHit, judgeRest } from './judge.ts'

/** How long after an answer the value is stored at the latest, in milliseconds: a response is sent before. */
const STORED = 250

/** Finds what is wrong with a run in which every store was well. */
export function judgeUndisturbed(report: AbsentReport): string[] {
  const { users, attempts, changes } = report
  const failed = attempts.filter(({ failure }) => failure !== undefined)
  return [
    ...changes.map(({ store, reason }) => `${store}: was found to be ${reason}, though it was well`),
    ...users.filter(({ control }) => control !== undefined).flatMap(computedTwice),
    ...users.flatMap(failuresOf),
    ...failed.slice(0, 3).map(({ name, failure }) => `${name} failed though all was well: ${failure}`),
    ...judgeRest(report),
  ]
}

/** Returns what a user computed although it had been answered before. */
function computedTwice({ name, requests }: Asked): string[] {
  const twice = Array.from(Map.groupBy(requests, ({ key }) => key).values(), (ofKey) =>
    ofKey.filter(isLate(ofKey)),
  ).flat()
  return twice.length === 0
    ? []
    : [`${name}: computed ${twice.length} values again, the first of ${twice[0]?.key}`]
}

/** Returns whether a request was answered anew though the first for its key had been answered well before. */
function isLate(ofKey: readonly Request[]): (request: Request) => boolean {
  const known = Math.min(...ofKey.map(({ ended }) => ended)) + STORED
  return (request) => request.began > known && !isHit(request)
}
