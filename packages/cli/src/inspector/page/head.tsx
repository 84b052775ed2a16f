import type { Overview } from '../protocol/api.ts'
import { Bar } from './parts/bar.tsx'
import { shortText, Visible } from './parts/visible.tsx'
import { hashOf, type Place, VIEWS } from './place/place.ts'
import { bytesText, countText, hitRate, shareText } from './text/amounts.ts'

const KINDS = { cache: 'Cache', fanout: 'FanoutCache', redis: 'Redis', other: 'Store' } as const
const NAMES = { entries: 'Entries', sizes: 'Sizes', live: 'Live' } as const

/** What the store is, and how it does. */
export function Head({ overview }: { overview: Overview | undefined }) {
  return (
    <header class="head">
      <div class="title">
        <h1 title={overview && shortText(overview.name, 1000)}>
          {overview ? <Visible text={overview.name} /> : 'diskcache'}
        </h1>
        {overview && <Signs overview={overview} />}
      </div>
      {overview && <Figures overview={overview} />}
    </header>
  )
}

function Signs({ overview: { kind, facts, isReadonly } }: { overview: Overview }) {
  return (
    <p class="signs">
      <span>{facts.parts > 1 ? `${KINDS[kind]}, ${facts.parts} shards` : KINDS[kind]}</span>
      {facts.isPythons && <span>shared with Python</span>}
      {isReadonly && <span class="sign">read-only</span>}
    </p>
  )
}

function Figures({ overview }: { overview: Overview }) {
  const { facts, volume, sizeLimit, hasStatistics } = overview
  const rate = hitRate(overview)
  const share = sizeLimit ? volume / sizeLimit : undefined
  return (
    <dl class="figures">
      <div>
        <dt>Entries</dt>
        <dd>{countText(facts.entries)}</dd>
      </div>
      <div>
        <dt>Volume</dt>
        <dd>
          {bytesText(volume)} {sizeLimit !== null && <small>of {bytesText(sizeLimit)}</small>}
          {share !== undefined && <Bar share={share} />}
        </dd>
      </div>
      <div>
        <dt>Hit rate</dt>
        <dd>
          {!hasStatistics && <small>not counted</small>}
          {hasStatistics && (rate === undefined ? <small>no reads yet</small> : shareText(rate))}
        </dd>
      </div>
    </dl>
  )
}

/** The ways to the views; each remembers the filters. */
export function Views({ place }: { place: Place }) {
  return (
    <nav aria-label="Views">
      {VIEWS.map((view) => (
        <a href={hashOf({ ...place, view })} aria-current={view === place.view ? 'page' : undefined}>
          {NAMES[view]}
        </a>
      ))}
    </nav>
  )
}
