import { timesFaster } from '../goal.ts'
import { IOREDIS } from '../peers/ioredis.ts'
import { MEMCACHED } from '../peers/memcached.ts'
import { NODE_REDIS } from '../peers/node-redis.ts'
import { type GoalResult, goalResult } from '../report/goal-result.ts'

/** A peer, and how many times as long as ours it takes. */
export interface Slower {
  readonly peer: string
  readonly ratio: number
}

const SERVERS = [NODE_REDIS, IOREDIS, MEMCACHED].map(({ name }) => name)

const GOALS = { get: timesFaster(8), set: timesFaster(1.5, 3) }

/** Ours beside the fastest of the clients of Redis and memcached; nothing where neither is there. */
export function serverGoals(
  where: string,
  part: string,
  figures: Readonly<Record<keyof typeof GOALS, readonly Slower[]>>,
): GoalResult[] {
  return (['get', 'set'] as const).flatMap((operation) => {
    const servers = figures[operation].filter(({ peer }) => SERVERS.includes(peer))
    const [fastest] = servers.toSorted((a, b) => a.ratio - b.ratio)
    if (fastest === undefined) return []
    return goalResult({
      work: `\`${operation}\` beside Redis and memcached over loopback, ${where}`,
      goal: GOALS[operation],
      measured: fastest.ratio,
      note: `The fastest of their clients is ${fastest.peer}.`,
      part,
    })
  })
}
