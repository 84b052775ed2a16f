import { twoTiersChart } from '../../charts/two-tiers-chart.ts'
import { Stage } from '../../measuring/stage.ts'
import type { Part } from '../../running/part.ts'
import { hotReads, hotReadsTable, settingsTable } from './hot-reads.ts'
import { tiersTable, twoTiers } from './two-tiers.ts'

/** Caches that keep hot entries in memory, and what the writes of others make of that. */
export const MEMORY_PART: Part = {
  name: 'memory',
  minutes: 1,
  async run(context) {
    await using stage = new Stage()
    const reads = await hotReads(stage, context)
    const tiers = await twoTiers(stage, context)
    return {
      title: 'Two tiers',
      introduction:
        'Hot reads are of 1,000 keys with strings of 100 bytes, one after the other, in one process; short rounds take turns, and ratios are medians of those of rounds that followed each other. Another’s write is that of a second connection with a memory of its own, as another process has, just after the old value was read; how long after it a read gives the new one, reads being tried in each turn of the event loop, is a median, and _never_ is not within half a second. For two tiers, this process reads 10,000 keys by Zipf’s law as fast as it can, from memory that has room for all of them, while none, one or two other processes write by the same law, 1,000 times a second each; strings of 100 bytes, and objects of a hundred items, frozen. Times are those of the thread on a core, whatever else wants one. Hits are reads from memory alone; verified are those that found in the directory what memory has.',
      tables: [hotReadsTable(reads), settingsTable(reads), tiersTable(tiers)],
      charts: [twoTiersChart('benchmarks/two-tiers.svg', 'Reads from memory, while others write', tiers)],
    }
  },
}
