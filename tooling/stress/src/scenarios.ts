import type { Scenario } from './scenario.ts'
import { absent } from './scenarios/absent.ts'
import { attack } from './scenarios/attack.ts'
import { blockedLoop } from './scenarios/blocked-loop.ts'
import { calls } from './scenarios/calls.ts'
import { copy } from './scenarios/copy.ts'
import { deque } from './scenarios/deque.ts'
import { event } from './scenarios/event.ts'
import { express } from './scenarios/express.ts'
import { fanout } from './scenarios/fanout.ts'
import { fields } from './scenarios/fields.ts'
import { flips } from './scenarios/flips.ts'
import { full } from './scenarios/full.ts'
import { fuzz } from './scenarios/fuzz.ts'
import { hostile } from './scenarios/hostile.ts'
import { indexMap } from './scenarios/index-map.ts'
import { invariants } from './scenarios/invariants.ts'
import { kill } from './scenarios/kill.ts'
import { limit } from './scenarios/limit.ts'
import { memory } from './scenarios/memory.ts'
import { open } from './scenarios/open.ts'
import { leases } from './scenarios/recipes-leases.ts'
import { locks } from './scenarios/recipes-locks.ts'
import { redis } from './scenarios/redis.ts'
import { slices } from './scenarios/slices.ts'
import { soak } from './scenarios/soak.ts'
import { staleness } from './scenarios/staleness.ts'
import { streams } from './scenarios/streams.ts'
import { ticker } from './scenarios/ticker.ts'
import { vanish } from './scenarios/vanish.ts'
import { volume } from './scenarios/volume.ts'

export const SCENARIOS: readonly Scenario[] = [
  invariants,
  fanout,
  deque,
  indexMap,
  locks,
  leases,
  kill,
  copy,
  open,
  full,
  volume,
  limit,
  flips,
  calls,
  vanish,
  hostile,
  fuzz,
  event,
  memory,
  staleness,
  express,
  fields,
  streams,
  attack,
  redis,
  absent,
  blockedLoop,
  ticker,
  slices,
  soak,
]
