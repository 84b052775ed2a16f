import type { AbsentReport } from './absent-worker.ts'
import type { Asked, Request } from './asking.ts'
import { judgeHealth } from './judge-health.ts'
import { type Interval, percentile, Stalls } from './stalls.ts'
import { isSlow } from './witness.ts'

/** What is known of a run beside what its process tells. Times are epoch milliseconds. */
export interface Course {
  readonly state: 'away' | 'busy'
  /** When the fault began and ended. */
  readonly fault: Interval
  /** When its end began: from then on a store may be up. */
  readonly ending: number
  /** When the machine was busy, or the server slow, without a fault. */
  readonly starved: readonly Interval[]
  /** Whether the whole run is long enough for the wait in which the fault is noticed not to show in its p99. */
  readonly isLong: boolean
}

/** What was measured of one user; durations in milliseconds. */
export interface UserFigures {
  readonly name: string
  /** How much longer than its control's its p99 is. */
  readonly p99: number
  /** The p99 of how much longer than its control at the same moment a request took. */
  readonly longer: number
  /** By how much a request took longer than its control at that time, at most. */
  readonly slowest: number
  /** When the requests that took longest were due, in milliseconds since the begin of the fault. */
  readonly when: readonly number[]
  /** How many requests waited for the store in the first second of the fault, and in any other at most. */
  readonly waited: { readonly first: number; readonly later: number }
  /** How long after the end of the fault a value was found that had been computed since. */
  readonly back: number
}

export interface Judgement {
  readonly figures: readonly UserFigures[]
  readonly wrongs: readonly string[]
}

/** How long a call may wait for the store where it only reads, and in all, by default. */
const READ_TIMEOUT = 50
const STORE_TIMEOUT = 250

/** How much longer than its control a request takes, in milliseconds, that has waited for the store. */
const WAITED = 0.9 * READ_TIMEOUT

/** What a goal allows, in milliseconds. */
const P99 = 50
const BACK = 3_000

/** How much longer than waiting for the store a request may take. */
const SLACK = 250

/** What begins within the time in which nobody can know of the fault waits for the store: of one user's 50 a second. */
const FIRST_WAITS = 20
/** As many may wait in any other second as there are probes in the first, after 100, 200, 400 and 800 ms. */
const LATER_WAITS = 4

/** How much longer than it was to wait a lock may take, in milliseconds. */
const LOCK_SLACK = 500

/** How long before something what was slow may be why, in milliseconds. */
const STARVED_BEFORE = 300

/** How much memory in use may grow, in bytes. */
const GROWTH = 16 * 2 ** 20

/** Finds what is wrong with a run in which a store was away for a while. */
export function judge(report: AbsentReport, course: Course): Judgement {
  const controls = new Map(report.users.map((user) => [user.name, user]))
  const users = report.users.filter(({ control }) => control !== undefined)
  const judged = users.map((user) => judgeUser(user, controls.get(user.control as string) as Asked, course))
  const wrongs = [
    ...report.users.flatMap(failuresOf),
    ...judged.flatMap(({ wrongs }) => wrongs),
    ...judgeAttempts(report, course, new Stalls((controls.get('call') as Asked).requests)),
    ...judgeHealth(report, course),
    ...judgeRest(report),
  ]
  return { figures: judged.map(({ figures }) => figures), wrongs }
}

/** Returns what a user's requests failed with, and that some were not answered. */
export function failuresOf({ name, requests, failures }: Asked): string[] {
  const open = requests.filter(({ ended }) => ended === Infinity).length
  return [
    ...(open > 0 ? [`${name}: ${open} requests were never answered`] : []),
    ...(failures.length > 0
      ? [`${name}: ${failures.length} requests failed, the first with ${failures[0]}`]
      : []),
  ]
}

/** Returns what no process may leave behind. */
export function judgeRest({ unhandled, memory }: AbsentReport): string[] {
  const [before = 0] = memory
  const most = Math.max(...memory)
  return [
    ...(unhandled.length > 0 ? [`${unhandled.length} unhandled rejections, the first: ${unhandled[0]}`] : []),
    ...(most - before > GROWTH ? [`memory in use grew from ${before} to ${most} bytes`] : []),
  ]
}

function judgeUser(user: Asked, control: Asked, course: Course) {
  const figures = figuresOf(user, control, course)
  const { name, p99, longer, slowest, when, waited, back } = figures
  const at = `, most at ${when.join(', ')} ms`
  const wrongs: string[] = []
  // A stall of the machine may hit a few more requests of the one than of the other.
  if (!(Math.min(p99, longer) <= P99))
    wrongs.push(`${name}: its p99 is ${p99.toFixed(1)} ms longer than its control's${at}`)
  if (!(slowest <= STORE_TIMEOUT + SLACK))
    wrongs.push(`${name}: a request took ${slowest.toFixed(0)} ms longer${at}`)
  if (waited.first > FIRST_WAITS) wrongs.push(`${name}: ${waited.first} requests waited in the first second`)
  if (waited.later > LATER_WAITS)
    wrongs.push(`${name}: ${waited.later} requests waited in a later second${at}`)
  if (!(back <= BACK)) wrongs.push(`${name}: hits were back ${back.toFixed(0)} ms after the end of the fault`)
  return { figures, wrongs }
}

function figuresOf(user: Asked, control: Asked, course: Course): UserFigures {
  const { fault, isLong } = course
  const stalls = new Stalls(control.requests)
  const isStarved = (request: Request) => isStarvedBetween(course, request.due, request.ended)
  const isCounted = ({ due }: Request) => isLong || due < fault.begin || due >= fault.begin + 1_000
  const p99 = (requests: readonly Request[]) => percentile(0.99, requests.filter(isCounted).map(latencyOf))
  const longer = user.requests.map((request) => latencyOf(request) - stalls.around(request))
  const waits = new Map<number, number>()
  for (const [i, request] of user.requests.entries()) {
    // Where all stood still, nothing can be told of the store.
    if (longer[i]! < WAITED || stalls.around(request) >= WAITED || isStarved(request)) continue
    const second = Math.floor((request.due - fault.begin) / 1_000)
    waits.set(second, (waits.get(second) ?? 0) + 1)
  }
  const first = waits.get(0) ?? 0
  // What was due a moment before has not been answered, either.
  const before = waits.get(-1) ?? 0
  waits.delete(0)
  waits.delete(-1)
  return {
    name: user.name,
    p99: p99(user.requests) - p99(control.requests),
    longer: percentile(
      0.99,
      longer.filter((_, i) => isCounted(user.requests[i]!) && !isStarved(user.requests[i]!)),
    ),
    slowest: Math.max(...longer),
    when: longestOf(user.requests, longer).map(({ due }) => Math.round(due - fault.begin)),
    waited: { first: first + before, later: Math.max(0, ...waits.values()) },
    back: timeToFind(user.requests, fault.end),
  }
}

function longestOf(requests: readonly Request[], longer: readonly number[]): Request[] {
  const order = requests.map((_, i) => i).toSorted((a, b) => longer[b]! - longer[a]!)
  return order.slice(0, 5).map((i) => requests[i]!)
}

export function latencyOf({ due, ended }: Request): number {
  return ended - due
}

/** Returns whether a request was answered with what had been computed before it began. */
export function isHit({ made = Infinity, began }: Request): boolean {
  return made < began
}

/** Returns how long after a time a value was found that had been computed since; infinite: never. */
function timeToFind(requests: readonly Request[], time: number): number {
  const found = requests.filter((request) => isHit(request) && (request.made as number) >= time)
  return Math.min(...found.map(({ ended }) => ended)) - time
}

function judgeAttempts({ attempts }: AbsentReport, course: Course, stalls: Stalls): string[] {
  const { fault } = course
  // What has no time of its own may take as long as any write.
  const late = attempts.filter(({ began, took, timeout = STORE_TIMEOUT }) => {
    return took - timeout - stalls.around({ due: began, ended: began + took }) > LOCK_SLACK
  })
  const untyped = attempts.filter(
    ({ failure }) => failure !== undefined && !/^ERR_DISKCACHE_\w+$/.test(failure),
  )
  const isWell = (begin: number, end: number) =>
    (end < fault.begin || begin > fault.end + BACK) && !isStarvedBetween(course, begin, end)
  const needless = attempts.filter(
    ({ began, took, failure }) => failure !== undefined && isWell(began, began + took),
  )
  return [
    ...late.slice(0, 3).map(({ name, took }) => `${name} took ${took.toFixed(0)} ms`),
    ...untyped.slice(0, 3).map(({ name, failure }) => `${name} failed with ${failure}`),
    ...needless.slice(0, 3).map(({ name, failure }) => `${name} failed though all was well: ${failure}`),
  ]
}

/** Returns whether the machine or the server was slow by itself, from a little before a time to another. */
export function isStarvedBetween({ starved, fault }: Course, begin: number, end: number): boolean {
  return starved
    .flatMap((wait) => [
      { begin: wait.begin, end: Math.min(wait.end, fault.begin) },
      { begin: Math.max(wait.begin, fault.end), end: wait.end },
    ])
    .some((wait) => isSlow(wait) && wait.end > begin - STARVED_BEFORE && wait.begin < end)
}
