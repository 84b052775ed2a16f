import { markdownTable } from '../report/markdown-table.ts'
import type { Column } from '../report/section.ts'
import type { StudySummary } from './study-summary.ts'

export interface PageFigures {
  readonly landingPage: ReadonlyMap<string, StudySummary>
  readonly coldKey: ReadonlyMap<string, StudySummary>
  readonly expiringKey: ReadonlyMap<string, StudySummary>
  /** What the figures depend on. */
  readonly environment: string
}

type Row = readonly string[]

/** The page of the documentation, as Markdown. */
export function studyPage({ landingPage, coldKey, expiringKey, environment }: PageFigures): string {
  return `# The landing page study

How often is a page made that everybody wants, and how long do they wait for it? python-diskcache asks this in its [case study](https://grantjenks.com/docs/diskcache/case-study-landing-page-caching.html); this is the same with \`@diskcache/recipes\`. Making the page takes 200 ms, it is kept for 1 s, and ten callers in five processes ask for it, pause for 10 ms, and ask again, for 10 s. It was made once before.

![Runs at a time and waiting times, for nine ways to keep a page](stampede-study.svg)

${markdownTable(
  columnsOf(['', 'calls', 'runs', 'at a time', 'p50', 'p99', 'slowest call']),
  Array.from(landingPage, ([name, figures]) => [
    name,
    countText(figures.calls),
    countText(figures.runs),
    countText(figures.concurrency),
    timeText(figures.p50),
    timeText(figures.p99),
    timeText(figures.slowest),
  ]),
)}

- **memoize** keeps the result, but when it expires, every process makes it. (Callers of one process share a run; in Python each thread makes its own, which is ten at a time.)
- **memoize and barrier** looks, takes a lock, and looks again: one run at a time, but all others wait for it, every time the page expires.
- **getOrSet** makes the page early, in the background, while everybody gets the present one. With a smaller \`beta\` it begins later: fewer runs, and a higher chance that it begins too late. Then one process makes it and all others wait, once.
- **staleFor** removes that chance: while a page is being made, the expired one is served. So \`beta\` can be small.

## A crowd

200 callers in eight processes. First, all of them want a page at once that nobody has made yet. Then it is there, and for ten times as long as it is kept they ask, pause for 50 ms, and ask again.

${markdownTable(
  columnsOf(['', 'cold: runs', 'slowest call', 'ten periods: runs', 'at a time', 'p99', 'slowest call']),
  Array.from(expiringKey, ([name, figures]) => {
    const cold = coldKey.get(name)!
    return [
      name,
      countText(cold.runs),
      timeText(cold.slowest),
      countText(figures.runs),
      countText(figures.concurrency),
      timeText(figures.p99),
      timeText(figures.slowest),
    ]
  }),
)}

The slowest call of a cold page takes at least the 200 ms that it takes to make it. With \`getOrSet\`, what callers of a page that expires still wait for is mostly the machine: with more processes than cores, each waits for its turn.

## How it was measured

\`node apps/bench/src/stampede-study/main.ts\` writes this page and its chart, after \`npx -y pnpm@12 build\`. It takes about three minutes. The processes begin at an agreed moment, each way on a directory of its own. A run is a time at which the page was really made; a call is what a caller waited for.

${environment}.
`
}

/** Names to the left, numbers to the right. */
function columnsOf(heads: Row): Column[] {
  return heads.map((head, i) => (i === 0 ? { head, align: 'left' } : { head }))
}

function countText(count: number): string {
  return count.toLocaleString('en')
}

function timeText(milliseconds: number): string {
  return `${milliseconds.toFixed(milliseconds < 10 ? 2 : 0)} ms`
}
