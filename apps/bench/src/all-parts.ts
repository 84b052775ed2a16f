import { ABSENT_PART } from './parts/absent/absent-part.ts'
import { COSTS_PART } from './parts/costs-part.ts'
import { DISK_PART } from './parts/disk-part.ts'
import { EVENT_LOOP_PART } from './parts/event-loop-part.ts'
import { EXPRESS_PART } from './parts/express-part.ts'
import { GROWTH_PART } from './parts/growth-part.ts'
import { HIT_RATIO_PART } from './parts/hit-ratio-part.ts'
import { HTTP_PART } from './parts/http-part.ts'
import { LIBRARIES_PART } from './parts/libraries/libraries-part.ts'
import { MANY_KEYS_PART } from './parts/many-keys-part.ts'
import { MEMORY_PART } from './parts/memory/memory-part.ts'
import { OPERATIONS_PART } from './parts/operations-part.ts'
import { PEERS_PART, PROCESSES_PART, SIZES_PART, WAITS_PART } from './parts/peer-parts.ts'
import { REDIS_PART } from './parts/redis-part.ts'
import { ROOM_PART } from './parts/room-part.ts'
import { STAMPEDE_PART } from './parts/stampede-part.ts'
import { STARTUP_PART } from './parts/startup-part.ts'
import type { Part } from './running/part.ts'

/** In the order in which they run, and stand in the report. */
export const ALL_PARTS: readonly Part[] = [
  OPERATIONS_PART,
  PEERS_PART,
  PROCESSES_PART,
  WAITS_PART,
  EVENT_LOOP_PART,
  GROWTH_PART,
  DISK_PART,
  EXPRESS_PART,
  STARTUP_PART,
  SIZES_PART,
  STAMPEDE_PART,
]

/** Parts that take long, and only run when they are named. Each fills in its own places of the page. */
export const LONE_PARTS: readonly Part[] = [
  MANY_KEYS_PART,
  REDIS_PART,
  HTTP_PART,
  HIT_RATIO_PART,
  ROOM_PART,
  COSTS_PART,
  MEMORY_PART,
  ABSENT_PART,
  LIBRARIES_PART,
]
