import type { Contender } from './contender.ts'

/** How long to measure. */
export interface Effort {
  readonly milliseconds: number
  readonly fewestRounds: number
  /** Rounds that do not count, 2: the first ones are run by code that has not been compiled yet. */
  readonly warmUpRounds?: number
}

/**
 * Runs A B C A B C …, so that what else the machine does meanwhile hits all alike. Gives for each contender the
 * milliseconds that each of its rounds of so many calls took.
 */
export async function takeTurns(
  contenders: readonly Contender[],
  calls: number,
  { milliseconds, fewestRounds, warmUpRounds = 2 }: Effort,
): Promise<number[][]> {
  const times: number[][] = contenders.map(() => [])
  let end = Infinity
  for (let round = -warmUpRounds; round < fewestRounds || performance.now() < end; round++) {
    if (round === 0) end = performance.now() + milliseconds
    for (const [i, contender] of contenders.entries()) {
      const time = await contender.time(calls)
      if (round >= 0) times[i]?.push(time)
    }
  }
  return times
}
