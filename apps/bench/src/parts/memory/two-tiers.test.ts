import { expect, it } from 'vitest'
import { chartSvg } from '../../charts/chart-svg.ts'
import { twoTiersChart } from '../../charts/two-tiers-chart.ts'
import { Stage } from '../../measuring/stage.ts'
import { twoTiers } from './two-tiers.ts'

it('twoTiers() reads from memory where nobody writes, and never without memory', async () => {
  await using stage = new Stage()
  const found = await twoTiers(stage, { quick: true, progress() {}, skip() {} })
  expect(found).toHaveLength(30)
  for (const { staleness, writers, hits, rate } of found) {
    if (staleness === undefined) expect(hits).toBe(0)
    else if (writers === 0) expect(hits).toBeGreaterThan(0.5)
    expect(rate > 0).toBe(writers > 0)
  }
  const svg = await chartSvg(twoTiersChart('two-tiers.svg', 'Two tiers', found))
  for (const text of ['strings', 'objects', 'writers', 'no memory', '100'])
    expect(svg).toContain(`>${text}</text>`)
  expect(svg).not.toMatch(/NaN|Infinity/)
})
