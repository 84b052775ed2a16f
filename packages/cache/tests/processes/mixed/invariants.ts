import { counters } from './counters.ts'
import type { Invariant } from './invariant.ts'
import { ledger } from './ledger.ts'
import { ownKeys } from './own-keys.ts'
import { queues } from './queues.ts'
import { races } from './races.ts'
import { cleaning, scratch } from './scratch.ts'
import { steadfast } from './steadfast.ts'

/** All that is put to the test at the same time, in one directory. */
export const INVARIANTS = [
  counters,
  ledger,
  races,
  queues,
  steadfast,
  ownKeys,
  scratch,
  cleaning,
] as Invariant[]
