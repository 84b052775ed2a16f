import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { Random } from '../../../../../packages/cache/tests/processes/random.ts'
import { type VanishOutcome, vanishRound } from './vanish-round.ts'
import { VANISHINGS } from './vanishing.ts'

/** So many at a time: each has two processes, which are judged by what they do within a second. */
const AT_ONCE = 8

/** Lets directories vanish in every way, so many times each; gives the outcomes of each way. */
export async function vanishRun(
  directory: string,
  seed: number,
  times: number,
): Promise<Map<string, VanishOutcome[]>> {
  const rounds = Array.from({ length: times }, () =>
    [false, true].flatMap((isSharded) => VANISHINGS.map((vanishing) => ({ isSharded, vanishing }))),
  ).flat()
  const outcomes: VanishOutcome[] = []
  const next = rounds.entries()
  const work = async () => {
    for (const [i, round] of next) {
      const own = join(directory, `round ${i}`)
      mkdirSync(own)
      outcomes.push(await vanishRound({ ...round, directory: own, random: new Random(seed, i) }))
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, work))
  return Map.groupBy(outcomes, ({ name }) => name)
}
