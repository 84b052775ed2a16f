import type { Peer } from '../peers/peer.ts'
import type { Operation } from '../peers/peer-operation.ts'
import { type Extent, SMALL } from '../peers/peer-workload.ts'
import type { Part, PartContext } from '../report/part.ts'
import type { Section } from '../report/section.ts'
import { Crew } from './crew.ts'
import { barChart, percentilesTable, timesTable } from './figure-tables.ts'
import { aheadTable, guaranteesTable, settingsTable } from './guarantees-table.ts'
import { type Figure, measureOperation, type PeerEffort } from './measure-operation.ts'
import { serverGoals } from './server-goals.ts'

const FULL: PeerEffort = { milliseconds: 10_000, fewestRounds: 5, slice: 20, attempts: 6 }
const QUICK: PeerEffort = { milliseconds: 0, fewestRounds: 1, slice: 1, attempts: 2 }

/** Some peers take seconds for a thousand keys. */
const QUICK_EXTENT: Extent = { ...SMALL, keys: 100 }

const SINGLE: readonly Operation[] = ['get', 'set', 'delete']
const MORE: readonly Operation[] = ['setExpiring', 'incr']
const MANY: readonly Operation[] = ['getMany', 'setMany']
const IN_FLIGHT: readonly Operation[] = ['getFlight', 'setFlight']

const HEADS: Partial<Record<Operation, string>> = {
  setExpiring: 'set with a ttl',
  getMany: 'getMany(100)',
  setMany: 'setMany(100)',
  getFlight: 'get',
  setFlight: 'set',
}

/** Small values, one process each. */
export function comparingPart(peers: readonly Peer[]): Part {
  return {
    name: 'peers',
    minutes: 2,
    async run(context) {
      await using crew = await Crew.start(peers, 1, context)
      return sectionOf(crew, await measureAll(crew, context), context)
    },
  }
}

type Found = ReadonlyMap<Operation, readonly Figure[]>

async function measureAll(crew: Crew, context: PartContext): Promise<Found> {
  const found = new Map<Operation, readonly Figure[]>()
  const members = await crew.fill(context.quick ? QUICK_EXTENT : SMALL)
  const operations = [...SINGLE, ...MORE, ...MANY, ...IN_FLIGHT]
  for (const [done, operation] of operations.entries()) {
    context.progress(done, operations.length, operation)
    found.set(operation, await measureOperation(crew, members, operation, context.quick ? QUICK : FULL))
  }
  context.progress(operations.length, operations.length, 'done')
  return found
}

function sectionOf(crew: Crew, found: Found, { quick }: PartContext): Section {
  const peers = crew.members.map(({ peer }) => peer)
  const under = (operations: readonly Operation[]) =>
    new Map(operations.map((operation) => [HEADS[operation] ?? operation, found.get(operation) ?? []]))
  const figures = (operation: Operation) => found.get(operation) ?? []
  const goals = serverGoals('in one process', 'peers', { get: figures('get'), set: figures('set') })
  return {
    title: 'Beside other caches',
    introduction:
      'Keys and values are the same for every peer: 1,000 keys, strings of 100 bytes, and a write gives its key another value each time. Each peer has a process of its own and, where it needs one, a server of its own on this machine. They take turns, round after round. A figure is the median of the rounds, and **×** is the median of its ratio to the `Cache` of the same round: 2.00 takes twice as long as ours. What a peer has not is left out (–).',
    tables: [
      guaranteesTable(crew.members),
      timesTable('One key a call, one call at a time', peers, under(SINGLE)),
      aheadTable(crew.members, { get: figures('get'), set: figures('set') }),
      timesTable('Entries that expire, and counters', peers, under(MORE)),
      percentilesTable('Single calls', peers, under(SINGLE)),
      timesTable(
        'A hundred keys a call, for each key',
        peers,
        under(MANY),
        'The peer’s own call for many keys, or what its users do: one transaction, or calls in flight.',
      ),
      timesTable(
        'A hundred calls in flight, for each call',
        peers,
        under(IN_FLIGHT),
        'Peers that give promises. Ours in the first line is synchronous, so its calls are made one by one.',
      ),
      settingsTable(crew.members),
    ],
    charts: [
      barChart('peers-get', 'get', figures('get')),
      barChart('peers-set', 'set', figures('set')),
      barChart('peers-set-expiring', 'set with a ttl', figures('setExpiring')),
      barChart('peers-get-many', 'getMany(100), for each key', figures('getMany')),
      barChart('peers-set-many', 'setMany(100), for each key', figures('setMany')),
    ],
    data: { quick, figures: Object.fromEntries(found) },
    goals,
  }
}
