import { timesFaster } from '../goal.ts'
import { BARE_BETTER_SQLITE3 } from '../peers/bare-better-sqlite3.ts'
import { IOREDIS } from '../peers/ioredis.ts'
import { MEMCACHED } from '../peers/memcached.ts'
import { NODE_REDIS } from '../peers/node-redis.ts'
import { type GoalResult, goalResult } from '../report/goal-result.ts'

/** A peer, and how many times as long as ours it takes. */
export interface Slower {
  readonly peer: string
  readonly ratio: number
}

/** A server, and its clients: the fastest of them is the one to be compared with. */
const SERVERS = [
  { server: 'Redis', clients: [NODE_REDIS.name, IOREDIS.name] },
  { server: 'memcached', clients: [MEMCACHED.name] },
]

const GOALS = { get: timesFaster(8), set: timesFaster(1.5, 3) }

/** Ours beside each server that is there. */
export function serverGoals(
  where: string,
  part: string,
  figures: Readonly<Record<keyof typeof GOALS, readonly Slower[]>>,
): GoalResult[] {
  return (['get', 'set'] as const).flatMap((operation) => {
    const bare = figures[operation].find(({ peer }) => peer === BARE_BETTER_SQLITE3.name)
    return SERVERS.flatMap(({ server, clients }) => {
      const present = figures[operation].filter(({ peer }) => clients.includes(peer))
      const [fastest] = present.toSorted((a, b) => a.ratio - b.ratio)
      if (fastest === undefined) return []
      return goalResult({
        work: `\`${operation}\` beside ${server} over loopback, ${where}`,
        goal: GOALS[operation],
        measured: fastest.ratio,
        note: `${fastest.peer}.${bare === undefined ? '' : ` Bare SQLite itself: ${(fastest.ratio / bare.ratio).toFixed(2)}.`}`,
        part,
      })
    })
  })
}
