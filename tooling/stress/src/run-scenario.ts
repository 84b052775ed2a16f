import { role } from '../../../packages/cache/tests/processes/role.ts'
import type { ScenarioContext } from './scenario.ts'
import { SCENARIOS } from './scenarios.ts'

export interface ScenarioJob extends ScenarioContext {
  readonly name: string
}

role<ScenarioJob, readonly string[]>(({ name, ...context }) => {
  const scenario = SCENARIOS.find((scenario) => scenario.name === name)
  if (scenario === undefined) throw new Error(`There is no scenario ${name}`)
  return scenario.run(context)
})
