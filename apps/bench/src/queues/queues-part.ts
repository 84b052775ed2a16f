import { comparisonsTable } from '../comparisons/comparisons-table.ts'
import { dataOf, measureGroups } from '../comparisons/measure-groups.ts'
import type { Part } from '../report/part.ts'
import { ALONE, SHARED } from './queue-comparisons.ts'

const APART = 'Adding, and taking'
const IN_TURNS = 'Adding and taking in turns'

/** Queues that outlive their processes. */
export const QUEUES_PART: Part = {
  name: 'queues',
  minutes: 0.5,
  async run(context) {
    const shared = context.quick ? SHARED.slice(-2) : SHARED
    const found = await measureGroups({ [APART]: ALONE, [IN_TURNS]: shared }, context)
    return {
      title: 'Queues',
      introduction:
        'Items are strings of 100 bytes. The yardstick is a queue in bare SQLite: a table `queue (id INTEGER PRIMARY KEY, value)`, to which one `INSERT` adds and from which one `DELETE … RETURNING` takes; it waits for locks by SQLite’s own handler. A queue of the cache has keys in an index, may hold values in files, and can be listed, limited and expired as everything else. With several processes the time is per pair of push and pull, of all processes together.',
      tables: Array.from(found, ([title, measurements]) => comparisonsTable(title, measurements)),
      charts: [],
      data: dataOf([...found.values()].flat()),
    }
  },
}
