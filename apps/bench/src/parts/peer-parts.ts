import { atLeast, atMost } from '../measuring/goal.ts'
import { SMALL } from '../measuring/workload.ts'
import { ALL_PEERS } from '../peers/all-peers.ts'
import { OWN_PATIENT_CACHE } from '../peers/own-patient-cache.ts'
import { OWN_CACHE } from '../peers/own-stores.ts'
import { guaranteesTable, settingsTable } from '../study/peer-tables.ts'
import { serverGoals } from '../study/server-goals.ts'
import { peerPart } from './peer-part.ts'

/** Some peers take seconds for a thousand keys. */
const QUICK = { rounds: 1, slice: 2, extent: { ...SMALL, keys: 50 } }

/** One process of each peer. */
export const PEERS_PART = peerPart({
  name: 'peers',
  minutes: 1.6,
  title: 'Beside other caches',
  peers: ALL_PEERS,
  full: {
    processes: 1,
    rounds: 9,
    slice: 60,
    extent: SMALL,
    operations: {
      get: 'get',
      set: 'set',
      'set with a ttl': 'setExpiring',
      incr: 'incr',
      'getMany(100)': 'getMany',
      'setMany(100)': 'setMany',
      'get, 100 in flight': 'getFlight',
      'set, 100 in flight': 'setFlight',
    },
  },
  quick: QUICK,
  shown: ['get', 'set'],
  introductionOf: () =>
    'Keys and values are the same for every peer: 1,000 keys, strings of 100 bytes. Each peer has a process of its own and, where it needs one, a server of its own on this machine. They take turns, round after round. Figures are medians of the rounds, and **×** is the median of the ratio to the `Cache` of the same round: 2.00 takes twice as long as ours. What a peer has not is left out. In flight are only calls that give promises; those of the `Cache` are synchronous, and the others’ are compared with its calls one by one.',
  goalsOf: (found) => serverGoals('one process', found),
  tablesOf: (present) => [guaranteesTable(present), settingsTable(present)],
})

/** Values so large that ours become files. */
export const SIZES_PART = peerPart({
  name: 'sizes',
  minutes: 0.4,
  title: 'Large values',
  peers: ALL_PEERS,
  full: {
    processes: 1,
    rounds: 7,
    slice: 60,
    extent: { keys: 100, bytes: 100_000 },
    operations: { get: 'get', set: 'set' },
  },
  quick: { ...QUICK, extent: { keys: 4, bytes: 100_000 } },
  introductionOf: ({ extent }) =>
    `The same with strings of ${extent.bytes.toLocaleString('en')} ASCII characters. Ours, and python-diskcache, keep values from 32 KiB on in files of their own. Everything is in the memory of the operating system: this is not the speed of a disk.`,
})

/** Several processes of each peer on one store. */
export const PROCESSES_PART = peerPart({
  name: 'processes',
  minutes: 1.6,
  title: 'Several processes on one store',
  peers: ALL_PEERS.filter(({ shared }) => shared),
  full: { processes: 8, rounds: 7, slice: 400, extent: SMALL, operations: { get: 'get', set: 'set' } },
  quick: { ...QUICK, processes: 2, slice: 20 },
  shown: ['get', 'set'],
  introductionOf: ({ processes }) =>
    `${processes} processes of each peer make calls as fast as they can, all at once, on the same 1,000 keys. **×** is how many times as many calls the \`Cache\` made in the same round. With more processes than cores, a call waits for its turn on a core as well as for a lock.`,
  goalsOf: (found, { processes }) => serverGoals(`${processes} processes`, found),
})

/** How long writers wait for each other, beside SQLite's own way. */
export const WAITS_PART = peerPart({
  name: 'waits',
  minutes: 1.1,
  title: 'Waiting for the lock',
  peers: [OWN_CACHE, OWN_PATIENT_CACHE],
  full: { processes: 8, rounds: 7, slice: 4_000, extent: SMALL, operations: { set: 'set' } },
  quick: { processes: 4, rounds: 1, slice: 400 },
  introductionOf: ({ processes, slice, rounds }) =>
    `SQLite lets one process write at a time. ${processes} processes do nothing but \`set\`, as often as they can, for ${slice / 1e3} s, in ${rounds} rounds with each of two ways to wait: asleep for 1 to 5 ms, doubling and jittered, as the cache waits; and in SQLite’s own busy handler, whose steps grow to 100 ms. All else is the same. The longest is the median of the rounds’ longest.`,
  goalsOf({ set = [] }, { processes }) {
    const handler = set.find(({ peer }) => peer === OWN_PATIENT_CACHE)
    if (handler === undefined) throw new Error('Cannot compare: nothing waited in the handler')
    const among = `${processes} writers, against SQLite’s own handler`
    return [
      { work: `longest set among ${among}`, goal: atMost(0.25), measured: 1 / handler.longestRatio },
      { work: `sets a second of ${among}`, goal: atLeast(0.8), measured: handler.ratio },
    ]
  },
})
