import type { Guarantee, Guarantees, Peer } from '../peers/peer.ts'
import type { Table } from '../report/section.ts'
import type { Member } from './crew.ts'
import { ratioText } from './figure-tables.ts'
import type { Slower } from './server-goals.ts'

const GUARANTEES: readonly { readonly name: keyof Guarantees; readonly head: string }[] = [
  { name: 'expiry', head: 'expiry' },
  { name: 'sizeLimit', head: 'limit of bytes' },
  { name: 'processes', head: 'shared by processes' },
  { name: 'kept', head: 'kept on disk' },
  { name: 'crashSafe', head: 'safe from kill -9' },
]

/** What each peer gives besides speed, and in what way it gives less. */
export function guaranteesTable(members: readonly Member[]): Table {
  return {
    title: 'What a peer gives',
    columns: ['peer', ...GUARANTEES.map(({ head }) => head)].map((head) => ({ head, align: 'left' })),
    rows: members.map(({ peer }) => [
      peer.name,
      ...GUARANTEES.map(({ name }) => guaranteeText(peer.guarantees[name])),
    ]),
    notes:
      'Every speed below is to be read with this table. A peer with a ✘ does less work for each call, or leaves it to its user.',
  }
}

/** Those that are faster than ours at something, with what they do not give; ours among themselves do not count. */
export function aheadTable(
  members: readonly Member[],
  figures: Readonly<Record<'get' | 'set', readonly Slower[]>>,
): Table {
  const ratioOf = (name: string, operation: 'get' | 'set') =>
    figures[operation].find(({ peer }) => peer === name)?.ratio
  const rows = members
    .filter(({ peer }) => peer.own !== true)
    .map(({ peer }) => ({ peer, ratios: [ratioOf(peer.name, 'get'), ratioOf(peer.name, 'set')] }))
    .filter(({ ratios }) => ratios.some((ratio) => ratio !== undefined && ratio < 1))
    .map(({ peer, ratios }) => [
      peer.name,
      ...ratios.map((ratio) => (ratio !== undefined && ratio < 1 ? ratioText(ratio) : '–')),
      missingIn(peer) || '**nothing**',
    ])
  return {
    title: 'Who is faster than the `Cache`, and what it does not give',
    columns: [
      { head: 'peer', align: 'left' },
      { head: 'get ×' },
      { head: 'set ×' },
      { head: 'does not give', align: 'left' },
    ],
    rows,
  }
}

function missingIn({ guarantees }: Peer): string {
  return GUARANTEES.filter(({ name }) => guarantees[name] !== true)
    .map(({ head }) => head)
    .join(', ')
}

export function settingsTable(members: readonly Member[]): Table {
  return {
    title: 'How it was set up',
    columns: [
      { head: 'peer', align: 'left' },
      { head: 'settings', align: 'left' },
    ],
    rows: members.map(({ peer }) => [peer.name, peer.settings]),
  }
}

function guaranteeText(guarantee: Guarantee): string {
  return guarantee === true ? '✔' : `✘ ${guarantee}`
}
