import { expect, test } from 'vitest'
import { checkSection } from './check-section.ts'
import { exampleResult } from './example-results.ts'
import type { Section } from './section.ts'

const sound = exampleResult().section as Section
const [table] = sound.tables
const [chart] = sound.charts
const [goal] = sound.goals ?? []

test('checkSection() accepts figures', () => {
  expect(() => checkSection(sound)).not.toThrow()
  expect(() => checkSection({ ...sound, data: { operations: 1e5, wall: 1e9 } })).not.toThrow()
})

test.each<[string, Partial<Section>]>([
  ['no table', { tables: [] }],
  ['is empty', { tables: [{ ...table!, rows: [] }] }],
  ['ragged row', { tables: [{ ...table!, rows: [['only one']] }] }],
  ['says NaN', { tables: [{ ...table!, rows: [['Cache', 'NaN']] }] }],
  ['has no scale', { charts: [{ ...chart!, points: [{ group: 'a', series: 'b', value: Infinity }] }] }],
  ['was measured as 0', { goals: [{ ...goal!, measured: 0 }] }],
  ['data.get is NaN', { data: { get: Number.NaN } }],
  ['data.ratio is 100000', { data: { ratio: 1e5 } }],
])('checkSection() throws where there is nonsense: %s', (message, changes) => {
  expect(() => checkSection({ ...sound, ...changes })).toThrow(message)
})
