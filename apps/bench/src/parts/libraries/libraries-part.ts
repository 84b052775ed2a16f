import { barChart } from '../../charts/bar-chart.ts'
import { atLeast, type GoalResult } from '../../measuring/goal.ts'
import { type Extent, SMALL } from '../../measuring/workload.ts'
import { ALL_LIBRARY_PEERS } from '../../peers/libraries/all-library-peers.ts'
import type { Library, LibraryPeer } from '../../peers/libraries/library-peer.ts'
import type { Part, PartContext } from '../../running/part.ts'
import { Crew } from '../../study/crew.ts'
import { type KeptWrites, keptWrites, keptWritesTable } from '../../study/kept-writes.ts'
import { type PeerFigure, peerFigures } from '../../study/peer-figure.ts'
import { figuresTable, settingsTable } from '../../study/peer-tables.ts'
import type { Operation } from '../../worker/store-calls.ts'
import { promisesTable, tryPromises } from './promises-table.ts'
import { librariesTable } from './times-table.ts'

/** What is measured of the stores of a library. */
const WORK: Readonly<Record<Library, { operations: readonly Operation[]; extent: Extent }>> = {
  undici: { operations: ['get', 'set'], extent: { keys: 500, bytes: 10 * 2 ** 10 } },
  'express-session': { operations: ['get', 'set', 'touch'], extent: SMALL },
  'rate-limiter-flexible': { operations: ['consume'], extent: SMALL },
  unstorage: { operations: ['get', 'set'], extent: SMALL },
  bentocache: { operations: ['get', 'set'], extent: SMALL },
}

/** How many processes there are, rounds, milliseconds of one and of all at once, keys, and new entries of each. */
const FULL = { processes: 8, rounds: 7, slice: 150, together: 400, mostKeys: Infinity, writes: 200 }
const QUICK: typeof FULL = { processes: 1, rounds: 1, slice: 2, together: 2, mostKeys: 20, writes: 5 }

/** A store at one operation, in one process and in many. */
export interface LibraryFigures {
  readonly library: Library
  readonly operation: Operation
  readonly alone: readonly PeerFigure[]
  readonly together: readonly PeerFigure[]
}

interface LibraryFound {
  readonly figures: readonly LibraryFigures[]
  /** Only of undici, whose stores tell nobody what they drop. */
  readonly writes: readonly KeptWrites[]
}

/** Our adapters, each beside the stores that its library has of its own, or that others made for it. */
export const LIBRARIES_PART: Part = {
  name: 'libraries',
  minutes: 6,
  async run(context) {
    const effort = context.quick ? QUICK : FULL
    const libraries: LibraryFound[] = []
    for (const library of Object.keys(WORK) as Library[])
      libraries.push(await measureLibrary(library, effort, context))
    const found = libraries.flatMap(({ figures }) => figures)
    const writes = libraries.flatMap((one) => one.writes)
    const present = ALL_LIBRARY_PEERS.filter((peer) =>
      found.some(({ together }) => together.some((one) => one.peer === peer)),
    )
    const tried = context.quick ? new Map() : await tryPromises(present, context)
    const many = `${effort.processes} at once`
    return {
      title: 'Stores of other libraries',
      introduction: introduction(effort),
      tables: [
        librariesTable('One process', found, 'alone', 'libraries-alone'),
        librariesTable(`Processes, ${many}`, found, 'together', 'libraries-together'),
        keptWritesTable('Responses that processes stored at once', writes, 'libraries-writes'),
        promisesTable(present, tried),
        settingsTable(present, 'libraries-settings'),
        ...found.flatMap(({ library, operation, alone, together }) => [
          figuresTable(`${library}: ${operation}, one process`, alone),
          figuresTable(`${library}: ${operation}, ${many}`, together),
        ]),
      ],
      charts: [timesChart(found, many)],
      goals: [...goalsOf(found, 'alone', 'one process'), ...goalsOf(found, 'together', many)],
    }
  },
}

function introduction({ processes, rounds }: typeof FULL): string {
  return `Our adapters beside stores that the libraries bring, or others have made for them, each called as its library calls it. Responses of undici have 10 KiB, and a \`get\` reads the whole body; values in sessions, unstorage and bentocache are strings of 100 bytes; all stores of a library have the same keys. Times are those of a call, one after the other in one process; of processes, ${processes} at once, that of all their calls together, by the clock. Rounds: ${rounds}, in which all take turns; in brackets is the median of the ratio to ours in the same round: (2.00) takes twice as long. Stores in memory are not shared: each process has its own there. Failed is what an error was given for, or something else than had been stored.`
}

async function measureLibrary(
  library: Library,
  { processes, rounds, slice, together, mostKeys, writes }: typeof FULL,
  context: PartContext,
): Promise<LibraryFound> {
  const peers = ALL_LIBRARY_PEERS.filter((peer) => peer.library === library)
  const { operations, extent } = WORK[library]
  await using crew = new Crew(peers, context)
  await crew.start(peers, processes, { ...extent, keys: Math.min(extent.keys, mostKeys) })
  const everyone = crew.members
  const found: LibraryFigures[] = []
  for (const operation of operations) {
    const done = ALL_LIBRARY_PEERS.indexOf(peers[0] as LibraryPeer) + found.length / operations.length
    context.progress(done, ALL_LIBRARY_PEERS.length, `${library}: ${operation}`)
    crew.members = everyone.map((member) => ({ ...member, processes: member.processes.slice(0, 1) }))
    const alone = await peerFigures(crew, operation, { rounds, slice })
    crew.members = everyone
    found.push({
      library,
      operation,
      alone,
      together: await peerFigures(crew, operation, { rounds, slice: together }),
    })
  }
  return { figures: found, writes: library === 'undici' ? await keptWrites(crew, writes) : [] }
}

function timesChart(found: readonly LibraryFigures[], many: string) {
  const bars = found.flatMap(({ operation, together }) =>
    together.map(({ peer, rate }) => ({
      name: `${operation}: ${peer.name}`,
      value: 1e6 / rate,
      own: peer.own === true,
    })),
  )
  return barChart('benchmarks/libraries.svg', `Time of a call in processes, ${many}`, 'µs a call', bars)
}

/** That ours are not slower than others that also keep what they store. */
function goalsOf(found: readonly LibraryFigures[], kind: 'alone' | 'together', many: string): GoalResult[] {
  return found.flatMap(({ operation, [kind]: figures }) =>
    figures
      .filter(({ peer }) => !peer.own && peer.guarantees.kept === true)
      .map(({ peer, ratio }) => ({
        work: `\`${operation}\`, times faster than ${peer.name}, ${many}`,
        goal: atLeast(1),
        measured: ratio,
      })),
  )
}
