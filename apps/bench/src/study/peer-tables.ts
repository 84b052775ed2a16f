import type { AnyPeer, Guarantees } from '../peers/peer.ts'
import { countText, millisecondsText } from '../report/figure-text.ts'
import { type Table, tableOf } from '../report/table.ts'
import type { PeerFigure } from './peer-figure.ts'

/** A line for each peer at one operation. */
export function figuresTable(title: string, figures: readonly PeerFigure[], block?: string): Table {
  return tableOf(
    title,
    figures,
    {
      peer: ({ peer }) => peer.name,
      'a key': ({ rate }) => millisecondsText(1e3 / rate),
      'keys/s': ({ rate }) => countText(rate),
      '×': ({ ratio }) => ratio,
      'call p50': ({ p50 }) => millisecondsText(p50),
      'call p99': ({ p99 }) => millisecondsText(p99),
      longest: ({ longest }) => millisecondsText(longest),
      failed: ({ failures }) => failuresText(failures),
    },
    block === undefined ? {} : { block },
  )
}

function failuresText(failures: PeerFigure['failures']): string {
  const texts = Object.entries(failures).map(([text, times]) => `${text}: ${countText(times)}`)
  return texts.join('; ') || 'none'
}

const GUARANTEES: Readonly<Record<string, keyof Guarantees>> = {
  expiry: 'expiry',
  'limit of bytes': 'sizeLimit',
  'shared by processes': 'processes',
  'kept on disk': 'kept',
  'safe from kill -9': 'crashSafe',
}

/** What each peer gives besides speed, in what way it gives less, and how it was set up. */
export function guaranteesTable(peers: readonly AnyPeer[]): Table {
  const cells: Record<string, (peer: AnyPeer) => string> = { peer: ({ name }) => name }
  for (const [head, name] of Object.entries(GUARANTEES))
    cells[head] = ({ guarantees }) => (guarantees[name] === true ? '✔' : `✘ ${guarantees[name]}`)
  return tableOf('What a peer gives', peers, cells, { block: 'peers-guarantees' })
}

export function settingsTable(peers: readonly AnyPeer[], block?: string): Table {
  const cells = { peer: ({ name }: AnyPeer) => name, settings: ({ settings }: AnyPeer) => settings }
  return tableOf('How it was set up', peers, cells, block === undefined ? {} : { block })
}
