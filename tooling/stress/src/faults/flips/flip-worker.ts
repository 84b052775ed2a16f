import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { Random } from '../../../../../packages/cache/tests/processes/random.ts'
import { trialRole } from '../trials/trial-role.ts'
import { damage, type Target } from './damage.ts'
import { engineNamed } from './engines/engines.ts'
import { Findings } from './findings.ts'
import type { Outcome } from './outcome.ts'
import { writeSnapshot } from './snapshot.ts'
import { loadTemplates, type Template } from './template.ts'

export interface FlipJob {
  readonly engine: string
  /** Where the templates are; each trial has a directory beside them. */
  readonly directory: string
  readonly seed: number
  readonly target: Target
}

/** How many of the directories whose database or files are damaged have a log as well, which stands for parts of the database. */
const LOG_CHANCE = 1 / 4

trialRole<FlipJob, Outcome>(async ({ engine, directory, seed, target }) => {
  const templates = loadTemplates(engine, directory)
  // An operation that never settles must hang, rather than let the process end.
  setInterval(() => {}, 1_000)
  return async (trial) => {
    const own = join(directory, `trial-${process.pid}-${trial}`)
    mkdirSync(own, { mode: 0o700 })
    try {
      return await makeTrial(engine, templates, target, new Random(seed, trial), own)
    } finally {
      rmSync(own, { recursive: true, force: true })
    }
  }
})

async function makeTrial(
  engineName: string,
  templates: readonly Template[],
  target: Target,
  random: Random,
  directory: string,
): Promise<Outcome> {
  const engine = engineNamed(engineName)
  const { layout, killed, closed } = random.pick(templates)
  const hasLog = target === 'wal' || random.chance(LOG_CHANCE)
  const damaged = damage(hasLog ? killed : closed, target, random)
  writeSnapshot(damaged.snapshot, directory)
  const findings = new Findings(engine.entries(layout), engine.isTyped)
  const start = performance.now()
  await engine.judge(layout, directory, random, findings)
  const text = `${layout}${hasLog ? ' with a log' : ''}, ${damaged.text}`
  return findings.outcome({ kind: damaged.kind, text }, performance.now() - start)
}
