import { defaults } from './defaults.ts'
import { jobs } from './jobs.ts'
import { ownEntries } from './own-entries.ts'
import type { Part } from './part.ts'
import { tallies } from './tallies.ts'

/** All that is put to the test at the same time, in one index. */
export const PARTS = [ownEntries, tallies, defaults, jobs] as Part[]
