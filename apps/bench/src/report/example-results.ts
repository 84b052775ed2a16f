import { barChart } from '../charts/bar-chart.ts'
import { atMost } from '../measuring/goal.ts'
import type { PartResult } from '../running/part-result.ts'
import type { Section } from './section.ts'

const ROWS = [
  ['`Cache`', '3.10'],
  ['bare | SQLite', '2.30'],
]

export const EXAMPLE_SECTION: Section = {
  title: 'Reads',
  introduction: 'What a read costs.',
  tables: [
    { title: 'One key', head: ['store', 'µs'], rows: ROWS, notes: 'In **one** process.', block: 'reads' },
  ],
  charts: [barChart('reads.svg', 'get', 'µs', [{ name: 'diskcache Cache', value: 3.1, own: true }])],
  goals: [
    { work: '`get`, against SELECT', goal: atMost(1.5), measured: 1.35 },
    { work: 'gap', goal: atMost(50), measured: 70, unit: 'ms', note: 'The machine.' },
  ],
}

/** What a run of one part gives, for tests. */
export function exampleResult(changes: Partial<PartResult> = {}): PartResult {
  return { name: 'reads', circumstances: 'today', skipped: [], section: EXAMPLE_SECTION, ...changes }
}

/** What a part gives that failed, for tests. */
export function failedResult(name: string): PartResult {
  return { name, circumstances: 'today', skipped: [], error: 'no disk' }
}
