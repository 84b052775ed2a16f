import { rounded } from '../comparisons/measure-groups.ts'
import { figureText } from '../report/goals-table.ts'
import type { Part } from '../report/part.ts'
import type { Section } from '../report/section.ts'
import { measurePolicies, type PoliciesPlan, type PolicyFigures } from './measure-policies.ts'
import { zipfShare } from './zipf-draw.ts'

const FULL: PoliciesPlan = {
  keys: 10_000,
  effort: { milliseconds: 5_000, fewestRounds: 10 },
  calls: 5_000,
  before: 10,
}

const QUICK: PoliciesPlan = {
  keys: 4_000,
  effort: { milliseconds: 0, fewestRounds: 1, warmUpRounds: 1 },
  calls: 500,
  before: 4,
}

/** Eviction, when more is wanted than fits. */
export const POLICIES_PART: Part = {
  name: 'policies',
  minutes: 0.4,
  async run(context) {
    const plan = context.quick ? QUICK : FULL
    return sectionOf(plan, await measurePolicies(plan, context))
  },
}

function sectionOf({ keys }: PoliciesPlan, found: readonly PolicyFigures[]): Section {
  const best = zipfShare(keys / 2, keys)
  return {
    title: 'Eviction under pressure',
    introduction: `${keys.toLocaleString('en')} keys with strings of 100 bytes are asked for, the second most popular one half as often as the first, the third one a third as often, and so on (Zipf’s law). A key that is not there is set. The cache may be as large as half of the keys make it, so that nearly every such \`set\` evicts. **×** is the time beside the same gets and sets in a cache that holds all keys and has no limit: what choosing and removing victims costs. Whoever knew the future would keep the more popular half and find ${percentText(best)}.`,
    tables: [
      {
        title: 'By policy',
        columns: [
          { head: 'policy', align: 'left' },
          { head: 'µs a draw' },
          { head: '×' },
          { head: 'found' },
          { head: 'entries' },
        ],
        rows: found.map(({ policy, microseconds, ratio, hitRate, size }) => [
          `\`${policy}\``,
          figureText(microseconds),
          figureText(ratio),
          percentText(hitRate),
          size.toLocaleString('en'),
        ]),
        notes:
          'The limit is of bytes in the pages of the database. How many entries that is depends on how full these are, and on the index by which a policy finds its victims.',
      },
    ],
    charts: [],
    data: found.map((figures) => ({
      ...figures,
      microseconds: rounded(figures.microseconds),
      ratio: rounded(figures.ratio),
      hitRate: rounded(figures.hitRate),
    })),
  }
}

function percentText(share: number): string {
  return `${(share * 100).toFixed(1)} %`
}
