import { atMost } from '../goal.ts'
import { goalResult } from './goal-result.ts'
import type { PartResult } from './part-result.ts'
import type { Section } from './section.ts'

const SECTION: Section = {
  title: 'Reads',
  introduction: 'What a read costs.',
  tables: [
    {
      title: 'One key a call',
      columns: [{ head: 'store', align: 'left' }, { head: 'µs' }],
      rows: [
        ['`Cache`', '3.10'],
        ['bare | SQLite', '2.30'],
      ],
      notes: 'In **one** process.',
    },
  ],
  charts: [
    {
      name: 'reads',
      title: 'get',
      axis: 'µs',
      scale: 'logarithmic',
      kind: 'bars',
      points: [
        { group: 'diskcache Cache', series: 'get', value: 3.1 },
        { group: 'bare SQLite', series: 'get', value: 2.3 },
      ],
    },
  ],
  goals: [
    goalResult({ work: '`get`, against SELECT', goal: atMost(1.5, 1.2), measured: 1.35, part: 'reads' }),
    goalResult({
      work: 'gap',
      goal: atMost(50),
      measured: 70,
      unit: 'ms',
      part: 'reads',
      note: 'The machine.',
    }),
  ],
  data: { get: 3.1 },
}

/** What a run of one part gives, for tests. */
export function exampleResult(changes: Partial<PartResult> = {}): PartResult {
  return {
    name: 'reads',
    begun: '2026-01-02T03:04:05.678Z',
    minutes: 1.5,
    load: 0.2,
    environment: 'Node 24',
    quick: false,
    skipped: [],
    section: SECTION,
    ...changes,
  }
}

/** What a part gives that failed, for tests. */
export function failedResult(name: string): PartResult {
  const { section: _, ...rest } = exampleResult({ name })
  return { ...rest, error: 'no disk' }
}
