import { CORE_PART } from './core-workload/core-part.ts'
import { EVENT_LOOP_PART } from './event-loop/event-loop-part.ts'
import { GROWTH_PART } from './growth/growth-part.ts'
import { LOCK_PART } from './parts/lock-part.ts'
import { OPERATIONS_PART } from './parts/operations-part.ts'
import { RECIPES_PART } from './parts/recipes-part.ts'
import { PEER_PARTS } from './peer-study/peer-parts.ts'
import { POLICIES_PART } from './policies/policies-part.ts'
import { QUEUES_PART } from './queues/queues-part.ts'
import type { Part } from './report/part.ts'
import { STAMPEDE_PART } from './stampede-study/stampede-part.ts'
import { WAITS_PART } from './waits/waits-part.ts'

/** In the order in which they run, and stand in the report. */
export const ALL_PARTS: readonly Part[] = [
  OPERATIONS_PART,
  ...PEER_PARTS,
  CORE_PART,
  WAITS_PART,
  EVENT_LOOP_PART,
  GROWTH_PART,
  POLICIES_PART,
  QUEUES_PART,
  LOCK_PART,
  RECIPES_PART,
  STAMPEDE_PART,
]
