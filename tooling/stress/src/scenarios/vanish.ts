import type { VanishOutcome } from '../faults/vanish/vanish-round.ts'
import { vanishRun } from '../faults/vanish/vanish-run.ts'
import type { Scenario } from '../scenario.ts'

/** A directory is removed, moved, replaced or loses files under those who write, hold locks and wait. */
export const vanish: Scenario = {
  name: 'vanish',
  minutes: 15,
  alone: 'it judges within a second, and needs a machine that does nothing else',
  async run({ directory, seed, short }) {
    const outcomes = [...(await vanishRun(directory, seed, short ? 1 : 10))]
    const lines = outcomes.map(([name, group]) => lineOf(name, group))
    const isWrong = outcomes.some(([, group]) => group.some(({ faults }) => faults.length > 0))
    if (isWrong) throw new Error(lines.join('\n       '))
    return lines
  },
}

function lineOf(name: string, outcomes: readonly VanishOutcome[]): string {
  const acknowledged = outcomes.reduce((sum, { acknowledged }) => sum + acknowledged, 0)
  const faults = outcomes.flatMap(({ faults }) => faults)
  const errors = [...new Set(outcomes.flatMap(({ typed }) => Object.keys(typed)))]
  const head = `${name}: ${outcomes.length} times, ${acknowledged} writes acknowledged after a second`
  const counts = `faults ${faults.length}, errors ${errors.join(', ') || 'none'}`
  return `${head}, ${counts}${faults.map((fault) => `\n         ${fault}`).join('')}`
}
