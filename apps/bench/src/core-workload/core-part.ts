import { rounded } from '../comparisons/measure-groups.ts'
import { pythonDiskcacheVersion } from '../peers/python-diskcache.ts'
import type { Part, PartContext } from '../report/part.ts'
import type { Chart, Section } from '../report/section.ts'
import { median } from '../statistics.ts'
import { coreContenders } from './core-contender.ts'
import { type CoreResults, figuresTable, ratiosTable } from './core-tables.ts'
import { type CoreEffort, FULL, measureCoreWorkload, QUICK } from './core-workload.ts'
import { OPERATIONS } from './operations.ts'

const PROCESSES = { full: [1, 8], quick: [1, 2] } as const

/** As python-diskcache measures itself. */
export const CORE_PART: Part = {
  name: 'core',
  minutes: 4,
  async run(context) {
    const effort = context.quick ? QUICK : FULL
    const found = new Map<number, CoreResults>()
    const counts = PROCESSES[context.quick ? 'quick' : 'full']
    for (const [i, processes] of counts.entries())
      found.set(processes, await measureWith(processes, effort, within(context, i, counts.length)))
    return sectionOf(found, effort)
  },
}

async function measureWith(
  processes: number,
  effort: CoreEffort,
  context: PartContext,
): Promise<CoreResults> {
  const python = pythonDiskcacheVersion() !== undefined
  if (!python) context.skip('python-diskcache', '/usr/bin/python3 has none')
  const contenders = coreContenders(processes, { python })
  return measureCoreWorkload(contenders, processes, effort, context)
}

/** Progress in the `i`th of so many pieces that take as long as each other. */
function within(context: PartContext, i: number, pieces: number): PartContext {
  return {
    ...context,
    progress: (done, total, doing) => context.progress(i + done / total, pieces, doing),
    skip: (name, reason) => {
      if (i === 0) context.skip(name, reason)
    },
  }
}

function sectionOf(found: ReadonlyMap<number, CoreResults>, effort: CoreEffort): Section {
  return {
    title: 'The core workload: several processes, and sharding',
    introduction: `This is how python-diskcache measures itself, and what sharding is for. Each process does ${effort.operations.toLocaleString('en')} operations, 90 % \`get\`, 9 % \`set\` and 1 % \`delete\`, on 100 keys that all processes share: the bytes of '0' to '99'. A value is the number of the operation in decimal digits, up to 99 times. The first ${effort.warmUp.toLocaleString('en')} operations are not counted. Each process draws its operations by a seed of its own; Node and Python draw different ones, in the same shares.

All processes open the store, and begin at an agreed moment. Stores run one after the other, each on a directory of its own, in ${effort.rounds} rounds. _Cache, one a process_ shares nothing. It shows how much of a tail is no lock at all: where there are more processes than cores, an operation also waits for its turn on one, some milliseconds at a time; and for a lock it waits longer when the process that holds it has to wait for its turn. After every run the store is checked, and so is that as much was recorded as was done, and that only a sharded cache has dropped something.

**Sharding pays in the tail**, where several processes write: with eight shards, two of eight writers seldom want the same lock. One process alone has nothing to gain from it.`,
    tables: Array.from(found, ([processes, results]) => [
      figuresTable(`${processesText(processes)}: figures`, results),
      ratiosTable(`${processesText(processes)}: ratios`, results),
    ]).flat(),
    charts: Array.from(found, ([processes, results]) => chartOf(processes, results)),
    data: Object.fromEntries(Array.from(found, ([processes, results]) => [processes, dataOf(results)])),
  }
}

function chartOf(processes: number, results: CoreResults): Chart {
  const points = Array.from(results, ([{ name }, rounds]) =>
    (['p50', 'p99', 'max'] as const).map((figure) => ({
      group: `set, ${figure}`,
      series: name,
      value: median(rounds.map(({ operations }) => operations.set[figure])) / 1e3,
    })),
  )
  const groups = ['set, p50', 'set, p99', 'set, max']
  return {
    name: `core-${processes}`,
    title: `How long a set takes in the core workload, ${processesText(processes).toLowerCase()}`,
    axis: 'µs',
    scale: 'logarithmic',
    kind: 'bars',
    own: Array.from(results.keys(), ({ name }) => name).filter((name) => !name.startsWith('Python')),
    points: groups.flatMap((group) => points.flat().filter((point) => point.group === group)),
  }
}

/** Microseconds; medians of the rounds. */
function dataOf(results: CoreResults): object {
  return Object.fromEntries(
    Array.from(results, ([{ name }, rounds]) => {
      const figures = OPERATIONS.map((operation) => {
        const middle = (figure: 'p50' | 'p99' | 'max') =>
          rounded(median(rounds.map(({ operations }) => operations[operation][figure])) / 1e3)
        return [operation, { p50: middle('p50'), p99: middle('p99'), max: middle('max') }]
      })
      return [name, Object.fromEntries(figures)]
    }),
  )
}

function processesText(processes: number): string {
  return processes === 1 ? 'One process' : `${processes} processes`
}
