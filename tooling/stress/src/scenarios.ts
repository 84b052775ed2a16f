import type { Scenario } from './scenario.ts'
import { event } from './scenarios/event.ts'
import { full } from './scenarios/full.ts'
import { invariants } from './scenarios/invariants.ts'
import { kill } from './scenarios/kill.ts'
import { memory } from './scenarios/memory.ts'
import { open } from './scenarios/open.ts'
import { soak } from './scenarios/soak.ts'
import { ticker } from './scenarios/ticker.ts'

export const SCENARIOS: readonly Scenario[] = [invariants, kill, open, full, event, memory, ticker, soak]
