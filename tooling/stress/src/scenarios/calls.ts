import { join } from 'node:path'
import { callRun } from '../faults/calls/call-run.ts'
import { missingCompiler } from '../faults/calls/shim.ts'
import { inMemory } from '../faults/in-memory.ts'
import type { Scenario } from '../scenario.ts'

const EXAMPLES = 3

/** Where no lock can be had, SQLite itself tries for ten seconds each time. */
const SHORT = { most: 250, without: 'fcntl(F_SETLK)' } as const

/** Every system call of every operation fails once: nothing is lost, half done or left open, and errors have a code. */
export const calls: Scenario = {
  name: 'calls',
  minutes: 30,
  async run({ directory, seed, short }) {
    const problem = missingCompiler()
    if (problem !== undefined && process.env.DISKCACHE_REQUIRE_CC === '1')
      throw new Error(`cc is required: ${problem}`)
    if (problem !== undefined) return [`failing system calls: SKIPPED, ${problem}`]
    const tally = await inMemory(join(directory, 'calls'), (directory) =>
      callRun({ directory, seed, ...(short && SHORT) }),
    )
    const examples = tally.examples(EXAMPLES)
    if (examples.length > 0) throw new Error([...tally.lines(), ...examples].join('\n       '))
    return tally.lines()
  },
}
