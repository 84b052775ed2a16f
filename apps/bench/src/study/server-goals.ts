import { atLeast, type GoalResult } from '../measuring/goal.ts'
import { BARE_BETTER_SQLITE3 } from '../peers/bare-better-sqlite3.ts'
import { MEMCACHED } from '../peers/memcached.ts'
import type { Peer } from '../peers/peer.ts'
import { NODE_REDIS } from '../peers/redis/node-redis.ts'
import type { PeerFigure } from './peer-figure.ts'

const SERVERS: Readonly<Record<string, Peer>> = { Redis: NODE_REDIS, memcached: MEMCACHED }

const GOALS = { get: atLeast(8), set: atLeast(2) } as const

/** Ours beside each server that is there. */
export function serverGoals(
  where: string,
  figures: { readonly [operation in keyof typeof GOALS]?: readonly PeerFigure[] },
): GoalResult[] {
  return (['get', 'set'] as const).flatMap((operation) => {
    const ratioOf = (wanted: Peer) => figures[operation]?.find(({ peer }) => peer === wanted)?.ratio
    const bare = ratioOf(BARE_BETTER_SQLITE3)
    return Object.entries(SERVERS).flatMap(([server, peer]) => {
      const measured = ratioOf(peer)
      if (measured === undefined || bare === undefined) return []
      const work = `\`${operation}\`, times faster than ${server} over loopback, ${where}`
      return {
        work,
        goal: GOALS[operation],
        measured,
        note: `Bare SQLite itself: ${(measured / bare).toFixed(1)}.`,
      }
    })
  })
}
