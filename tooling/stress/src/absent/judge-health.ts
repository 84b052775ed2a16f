import type { AbsentReport } from './absent-worker.ts'
import type { HealthChange } from './health-log.ts'
import { type Course, isStarvedBetween } from './judge.ts'

/** Within how many milliseconds a fault, and its end, has to be known. */
const NOTICED = 2_000
const BACK = 3_000

/** Finds what is wrong with what the channel told of each store: up, then not, then up again, and nothing else. */
export function judgeHealth({ changes, stores, troubled }: AbsentReport, course: Course): string[] {
  const told = Map.groupBy(changes, ({ store }) => store)
  return [
    ...[...stores, ...(told.has(undefined) ? [undefined] : [])].flatMap((store) =>
      judgeStore(withoutStarved(told.get(store) ?? [], course), course).map(
        (wrong) => `the store of ${store} ${wrong}`,
      ),
    ),
    ...troubled.map((text) => `not up in the end: ${text}`),
  ]
}

/** Returns the changes without the absences for which the machine or the server gave a reason, outside of the fault. */
function withoutStarved(changes: readonly HealthChange[], course: Course): readonly HealthChange[] {
  const { fault } = course
  let isExcused = false
  let wasUp = true
  return changes.filter(({ reason, time }) => {
    const isOutside = time < fault.begin || time > fault.end
    if (wasUp) isExcused = isOutside && isStarvedBetween(course, time, time)
    wasUp = reason === 'up'
    return !isExcused
  })
}

function judgeStore(changes: readonly HealthChange[], { state, fault, ending }: Course): string[] {
  const wrongs: string[] = []
  const told = changes.map(({ reason, time }) => `${reason} at ${(time - fault.begin).toFixed(0)}`).join(', ')
  const first = changes.find(({ reason }) => reason === state)
  const last = changes.at(-1)
  if (first === undefined || first.time > fault.begin + NOTICED) wrongs.push(`was not found to be ${state}`)
  if (changes.some(({ time }) => time < fault.begin)) wrongs.push('changed before the fault')
  if (state === 'busy' && changes.some(({ reason }) => reason === 'away')) wrongs.push('was found to be away')
  if (changes.some(({ reason, time }) => reason === 'up' && time < ending)) wrongs.push('was up in the fault')
  if (last?.reason !== 'up' || last.time > fault.end + BACK) wrongs.push('was not found to be up again')
  if (changes.filter(({ reason }) => reason === 'up').length > 1) wrongs.push('went away a second time')
  return wrongs.map(
    (wrong) =>
      `${wrong}; it was ${told}, ms after the begin of a fault of ${(fault.end - fault.begin).toFixed(0)}`,
  )
}
