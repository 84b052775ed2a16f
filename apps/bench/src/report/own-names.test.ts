import { expect, it } from 'vitest'
import { ownNames } from './own-names.ts'
import type { Chart } from './section.ts'

const chart: Chart = {
  name: 'get',
  title: 'get',
  axis: 'µs',
  scale: 'linear',
  kind: 'bars',
  points: ['diskcache Cache', 'Keyv on diskcache', 'python-diskcache', 'Redis'].map((group) => {
    return { group, series: 'get', value: 1 }
  }),
}

it('ownNames() are those with diskcache as a word, unless the chart says otherwise', () => {
  expect([...ownNames(chart)]).toEqual(['diskcache Cache', 'Keyv on diskcache'])
  expect([...ownNames({ ...chart, own: ['Redis'] })]).toEqual(['Redis'])
})
