import { COLLECTIONS } from '../comparisons/collections.ts'
import { comparisonsTable } from '../comparisons/comparisons-table.ts'
import { EXPIRING } from '../comparisons/expiring.ts'
import { FANOUT } from '../comparisons/fanout.ts'
import { dataOf, type Groups, goalsOf, measureGroups } from '../comparisons/measure-groups.ts'
import { OPENING } from '../comparisons/opening.ts'
import { PROMISES } from '../comparisons/promises.ts'
import { AGAINST_PYTHON } from '../comparisons/python.ts'
import { GET, READS } from '../comparisons/reads.ts'
import { WRITES } from '../comparisons/writes.ts'
import type { Measurement } from '../measure.ts'
import { pythonDiskcacheVersion } from '../peers/python-diskcache.ts'
import type { GoalResult } from '../report/goal-result.ts'
import type { Part, PartContext } from '../report/part.ts'
import type { Chart, Section } from '../report/section.ts'
import { KEYS } from '../workload.ts'

const NAME = 'operations'

const AGAINST_BARE = 'Against bare SQLite'

const GROUPS: Groups = {
  [AGAINST_BARE]: [...READS, ...WRITES, OPENING],
  Promises: PROMISES,
  'Entries that expire': EXPIRING,
  'FanoutCache and collections, against the Cache that they consist of': [...FANOUT, ...COLLECTIONS],
}

const INTRODUCTION = `One operation after the other, on ${KEYS.toLocaleString('en')} keys with strings of 100 bytes, in one process, with default settings, in a temporary directory. Of \`getMany\` the time is per key, of \`setMany\` per entry, of promises per operation, however many are in flight.

\`promises\` is measured against both: against bare SQLite, and against the synchronous face doing the same. _In flight_ is how many \`set\` are issued before the first is awaited; they go into one transaction, so their yardstick is as many upserts in one transaction. With one in flight there is nothing to share: a \`set\` costs what it costs synchronously, and two turns of the event loop. A \`get\` is awaited before the next begins, which is the least favourable way to call it.

A \`FanoutCache\` and a collection stand beside the \`Cache\` that they consist of, alone in one process: this is what hashing the key, or the class around the cache, adds. A set in a \`FanoutCache\` may take less time than in a \`Cache\`, since the indexes of an eighth of the entries are fewer pages. \`rotate\` is measured against a queue that is turned by pulling and pushing, \`at\` in the middle against \`at(0)\`: the rest is the walk.`

/** Single operations, beside the least that SQLite can do. */
export const OPERATIONS_PART: Part = {
  name: NAME,
  minutes: 1.6,
  async run(context) {
    const found = await measureGroups(groupsHere(context), context)
    return sectionOf(found)
  },
}

function groupsHere({ skip }: PartContext): Groups {
  const version = pythonDiskcacheVersion()
  if (version !== undefined) return { ...GROUPS, [`Against python-diskcache ${version}`]: AGAINST_PYTHON }
  skip('python-diskcache', '/usr/bin/python3 has none')
  return GROUPS
}

function sectionOf(found: ReadonlyMap<string, readonly Measurement[]>): Section {
  const all = [...found.values()].flat()
  return {
    title: 'Operations',
    introduction: INTRODUCTION,
    tables: Array.from(found, ([title, measurements]) => comparisonsTable(title, measurements)),
    charts: [chartOf(found.get(AGAINST_BARE) ?? [])],
    goals: goalsOf(all, NAME).map((goal) => withLimit(goal, all)),
    data: dataOf(all),
  }
}

/** How fast bare SQLite is beside Python: the ratio of its `SELECT` to our `get` is known from the same run. */
function withLimit(goal: GoalResult, all: readonly Measurement[]): GoalResult {
  const get = all.find(({ comparison }) => comparison === GET)
  if (get === undefined || !goal.work.endsWith('python-diskcache get')) return goal
  return { ...goal, note: `Bare SQLite itself: ${(goal.measured * get.ratio).toFixed(2)}.` }
}

function chartOf(measurements: readonly Measurement[]): Chart {
  const own = measurements.map(({ comparison }) => comparison.operation)
  return {
    name: 'operations',
    title: 'Time of an operation, where its yardstick in SQLite takes 1',
    axis: 'ratio',
    scale: 'linear',
    kind: 'bars',
    own,
    points: measurements.map(({ comparison: { operation }, ratio }) => ({
      group: operation,
      series: 'ratio',
      value: ratio,
    })),
  }
}
