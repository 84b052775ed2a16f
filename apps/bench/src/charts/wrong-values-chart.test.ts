import { expect, it } from 'vitest'
import { chartSvg } from './chart-svg.ts'
import { damageTrials, wrongValuesChart } from './wrong-values-chart.ts'

const PAGE = `
<!-- faults:flips -->

| engine              | damaged  | trials |  wrong value | hang |
| ------------------- | -------- | -----: | -----------: | ---: |
| diskcache           | database |  1,500 |            0 |    0 |
| bare better-sqlite3 | database |  1,500 | 663 (44.2 %) |    0 |

Seed 1.

<!-- /faults -->
`

it('wrongValuesChart() draws what the table of the page says', async () => {
  const trials = damageTrials(PAGE)
  expect(trials).toEqual([
    { engine: 'diskcache', damaged: 'database', wrong: 0 },
    { engine: 'bare better-sqlite3', damaged: 'database', wrong: 44.2 },
  ])
  const svg = await chartSvg(wrongValuesChart('wrong-values.svg', trials))
  for (const text of ['diskcache: database', '0 %', 'bare better-sqlite3: database', '44.2 %'])
    expect(svg).toContain(`>${text}</text>`)
})
