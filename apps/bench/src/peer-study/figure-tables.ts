import { durationText } from '../duration-text.ts'
import type { Peer } from '../peers/peer.ts'
import type { Chart, Table } from '../report/section.ts'
import type { Figure } from './measure-operation.ts'

/** What was measured, under the head of its column. */
export type Measured = ReadonlyMap<string, readonly Figure[]>

const ABSENT = '–'

/** A line for each peer, and two columns for each operation: its time, and the ratio to ours. */
export function timesTable(title: string, peers: readonly Peer[], measured: Measured, notes?: string): Table {
  const rows = peersIn(peers, measured).map((name) => [
    name,
    ...[...measured.values()].flatMap((figures) => {
      const figure = figures.find(({ peer }) => peer === name)
      return figure === undefined
        ? [ABSENT, ABSENT]
        : [durationText(figure.microseconds * 1e3), ratioText(figure.ratio)]
    }),
  ])
  const columns = [...measured.keys()].flatMap((head) => [{ head }, { head: '×' }])
  return { title, columns: [PEER_COLUMN, ...columns], rows, ...(notes !== undefined && { notes }) }
}

/** A line for each peer, with the percentiles of single calls. */
export function percentilesTable(title: string, peers: readonly Peer[], measured: Measured): Table {
  const rows = peersIn(peers, measured).map((name) => [
    name,
    ...[...measured.values()].flatMap((figures) => {
      const figure = figures.find(({ peer }) => peer === name)
      return [figure?.p50, figure?.p99].map((time) =>
        time === undefined ? ABSENT : durationText(time * 1e3),
      )
    }),
  ])
  const columns = [...measured.keys()].flatMap((head) => [{ head: `${head} p50` }, { head: `${head} p99` }])
  return { title, columns: [PEER_COLUMN, ...columns], rows }
}

/** Bars from the fastest to the slowest. */
export function barChart(name: string, title: string, figures: readonly Figure[]): Chart {
  return {
    name,
    title,
    axis: 'µs for a key',
    scale: 'logarithmic',
    kind: 'bars',
    points: figures
      .toSorted((a, b) => a.microseconds - b.microseconds)
      .map(({ peer, microseconds }) => ({ group: peer, series: title, value: microseconds })),
  }
}

const PEER_COLUMN = { head: 'peer', align: 'left' } as const

/** Three digits; `1.00` is ours. */
export function ratioText(ratio: number): string {
  return ratio >= 100 ? Math.round(ratio).toLocaleString('en') : ratio.toPrecision(3)
}

function peersIn(peers: readonly Peer[], measured: Measured): string[] {
  const names = new Set([...measured.values()].flat().map(({ peer }) => peer))
  return peers.map(({ name }) => name).filter((name) => names.has(name))
}
