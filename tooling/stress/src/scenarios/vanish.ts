import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { Random } from '../../../../packages/cache/tests/processes/random.ts'
import { type VanishOutcome, vanishRound } from '../faults/vanish/vanish-round.ts'
import { VANISHINGS } from '../faults/vanish/vanishing.ts'
import type { Scenario } from '../scenario.ts'

/** So many at a time: each has two processes, which are judged by what they do within a second. */
const AT_ONCE = 8

/** A directory is removed, moved, replaced or loses files under those who write, hold locks and wait. */
export const vanish: Scenario = {
  name: 'vanish',
  minutes: 15,
  async run({ directory, seed, short }) {
    const rounds = Array.from({ length: short ? 1 : 10 }, (_, round) =>
      [false, true].flatMap((isSharded) => VANISHINGS.map((vanishing) => ({ round, isSharded, vanishing }))),
    ).flat()
    const outcomes: VanishOutcome[] = []
    const next = rounds.entries()
    const work = async () => {
      for (const [i, { round, isSharded, vanishing }] of next) {
        const own = join(directory, `round ${i}`)
        mkdirSync(own)
        const random = new Random(seed, i, round)
        outcomes.push(await vanishRound({ vanishing, isSharded, directory: own, random }))
      }
    }
    await Promise.all(Array.from({ length: AT_ONCE }, work))
    const lines = [...Map.groupBy(outcomes, ({ name }) => name)].map(([name, group]) => lineOf(name, group))
    if (outcomes.some(({ faults }) => faults.length > 0)) throw new Error(lines.join('\n       '))
    return lines
  },
}

function lineOf(name: string, outcomes: readonly VanishOutcome[]): string {
  const acknowledged = outcomes.reduce((sum, { acknowledged }) => sum + acknowledged, 0)
  const faults = outcomes.flatMap(({ faults }) => faults)
  const errors = [...new Set(outcomes.flatMap(({ typed }) => Object.keys(typed)))]
  const head = `${name}: ${outcomes.length} times, ${acknowledged} writes acknowledged after a second`
  return `${head}, faults ${faults.length}, errors ${errors.join(', ') || 'none'}${faults.map((fault) => `\n         ${fault}`).join('')}`
}
