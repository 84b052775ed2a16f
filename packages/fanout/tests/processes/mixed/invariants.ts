import { counters } from '../../../../cache/tests/processes/mixed/counters.ts'
import type { Invariant } from '../../../../cache/tests/processes/mixed/invariant.ts'
import { ownKeys } from '../../../../cache/tests/processes/mixed/own-keys.ts'
import { races } from '../../../../cache/tests/processes/mixed/races.ts'
import { cleaning, scratch } from '../../../../cache/tests/processes/mixed/scratch.ts'
import { steadfast } from '../../../../cache/tests/processes/mixed/steadfast.ts'
import { shardLedger } from './shard-ledger.ts'

/**
 * What must hold in any store, in one directory at the same time. A sharded one has no queues, and a ledger of its own,
 * since it has no snapshot over shards.
 */
export const INVARIANTS = [counters, shardLedger, races, steadfast, ownKeys, scratch, cleaning] as Invariant[]
