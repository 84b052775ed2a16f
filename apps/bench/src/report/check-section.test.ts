import { expect, test } from 'vitest'
import { checkSection } from './check-section.ts'
import { EXAMPLE_SECTION as sound } from './example-results.ts'
import type { Section } from './section.ts'

const [table] = sound.tables
const [chart] = sound.charts ?? []
const [goal] = sound.goals ?? []

test('checkSection() accepts figures', () => {
  expect(() => checkSection(sound)).not.toThrow()
})

test.each<[string, Partial<Section>]>([
  ['no table', { tables: [] }],
  ['is empty', { tables: [{ ...table!, rows: [] }] }],
  ['ragged row', { tables: [{ ...table!, rows: [['only one']] }] }],
  ['says NaN', { tables: [{ ...table!, rows: [['Cache', 'NaN']] }] }],
  ['has no scale', { charts: [{ ...chart!, spec: { data: { values: [{ value: Infinity }] } } }] }],
  ['was measured as 0', { goals: [{ ...goal!, measured: 0 }] }],
])('checkSection() throws where there is nonsense: %s', (message, changes) => {
  expect(() => checkSection({ ...sound, ...changes })).toThrow(message)
})
