import type { Examination } from './findings/ailment.ts'
import { link } from './redis/link.ts'
import { memory } from './redis/memory.ts'
import { persistence } from './redis/persistence.ts'
import { reachable } from './redis/reachable.ts'
import type { ServerFacts } from './redis/server-facts.ts'
import { version } from './redis/version.ts'

/** All that the doctor looks at in a server of Redis. */
export const REDIS_EXAMINATIONS: readonly Examination<ServerFacts>[] = [
  reachable,
  version,
  memory,
  persistence,
  link,
]
