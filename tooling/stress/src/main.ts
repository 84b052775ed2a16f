import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { Child } from '../../../packages/cache/tests/processes/child.ts'
import type { ScenarioJob } from './run-scenario.ts'
import type { Scenario } from './scenario.ts'
import { SCENARIOS } from './scenarios.ts'

const MODULE = new URL('./run-scenario.ts', import.meta.url)

const { values } = parseArgs({
  options: { short: { type: 'boolean', default: false }, seed: { type: 'string' }, only: { type: 'string' } },
})
const seed = Number(values.seed ?? Date.now() % 1e9)
const short = values.short

let running: Child | undefined
process.on('SIGINT', () => {
  running?.kill()
  process.exit(130)
})

await main()

async function main(): Promise<void> {
  const chosen = SCENARIOS.filter(({ name }) => values.only === undefined || name === values.only)
  if (chosen.length === 0)
    throw new RangeError(`--only is one of ${SCENARIOS.map(({ name }) => name).join(', ')}`)
  console.log(`SEED ${seed}${short ? ', short' : ''}`)
  for (const scenario of chosen) {
    if (short && values.only === undefined && scenario.alone !== undefined)
      console.log(`skip ${scenario.name}: ${scenario.alone}`)
    else if (!(await succeeds(scenario))) process.exitCode = 1
  }
}

/** Runs it in a process group of its own, so that whatever hangs can be killed. */
async function succeeds({ name, minutes }: Scenario): Promise<boolean> {
  const directory = mkdtempSync(join(tmpdir(), `diskcache-stress-${name}-`))
  const start = performance.now()
  const job: ScenarioJob = { name, directory, seed, short }
  const child = Child.process<readonly string[]>(MODULE, job, { limit: minutes * 60_000, group: true })
  running = child
  try {
    report('ok  ', name, start, await child.result)
    rmSync(directory, { recursive: true, force: true })
    return true
  } catch (error) {
    const again = `node tooling/stress/src/main.ts --only ${name} --seed ${seed}${short ? ' --short' : ''}`
    report('FAIL', name, start, [
      (error as Error).message,
      `SEED ${seed}: ${again}`,
      `The directory is kept: ${directory}`,
    ])
    return false
  } finally {
    child.kill()
    await child.ended
  }
}

function report(verdict: string, name: string, start: number, lines: readonly string[]): void {
  const seconds = ((performance.now() - start) / 1e3).toFixed(1).padStart(6)
  console.log([`${verdict} ${name.padEnd(10)} ${seconds} s`, ...lines].join('\n       '))
}
