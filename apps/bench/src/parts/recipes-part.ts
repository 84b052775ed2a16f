import { comparisonsTable } from '../comparisons/comparisons-table.ts'
import { dataOf, measureGroups } from '../comparisons/measure-groups.ts'
import { RECIPES } from '../comparisons/recipes.ts'
import type { Part } from '../report/part.ts'

const TITLE = 'Recipes, against the store’s own operations'

/** What the recipes add. */
export const RECIPES_PART: Part = {
  name: 'recipes',
  minutes: 0.2,
  async run(context) {
    const measurements = (await measureGroups({ [TITLE]: RECIPES }, context)).get(TITLE) ?? []
    return {
      title: 'Recipes',
      introduction:
        'Rate limits, averages and computed values, beside the reads and writes of the store that they are made of: `promises.update` of a row that gets another value each time, or `promises.get`. Each is awaited before the next begins.',
      tables: [comparisonsTable(TITLE, measurements)],
      charts: [],
      data: dataOf(measurements),
    }
  },
}
