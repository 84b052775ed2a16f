import { comparisonsTable } from '../comparisons/comparisons-table.ts'
import { dataOf, measureGroups } from '../comparisons/measure-groups.ts'
import { CONTENDED_LOCKS, LOCKS } from '../comparisons/recipes.ts'
import type { Part } from '../report/part.ts'

const ALONE = 'One process'
const CONTENDED = 'Processes that want the same lock all the time'

/** Locks, alone and contended. */
export const LOCK_PART: Part = {
  name: 'lock',
  minutes: 0.4,
  async run(context) {
    const contended = context.quick ? CONTENDED_LOCKS.slice(0, 1) : CONTENDED_LOCKS
    const found = await measureGroups({ [ALONE]: LOCKS, [CONTENDED]: contended }, context)
    return {
      title: 'Locks',
      introduction:
        'A lock is a row that is written when it is taken and again when it is released, so that a pair costs about two updates. Contended, several processes acquire and release one lock as often as they can, beside as many processes that update one row as often as they can; the time is per acquisition, of all processes together.',
      tables: Array.from(found, ([title, measurements]) => comparisonsTable(title, measurements)),
      charts: [],
      data: dataOf([...found.values()].flat()),
    }
  },
}
