import type { AnyPeer } from '../peers/peer.ts'
import { countText, millisecondsText } from '../report/figure-text.ts'
import { type Table, tableOf } from '../report/table.ts'
import type { Crew } from './crew.ts'

/** What became of entries that processes wrote at the same time, each its own. */
export interface KeptWrites {
  readonly peer: AnyPeer
  readonly written: number
  /** How many of them were there afterwards. */
  readonly kept: number
  /** All of them took so many milliseconds. */
  readonly time: number
}

/** Lets all processes of each peer write so many new entries at once. */
export async function keptWrites({ members }: Crew, each: number): Promise<KeptWrites[]> {
  const found: KeptWrites[] = []
  for (const { peer, processes } of members.filter((member) => member.peer.shared)) {
    const keys = processes.map((_, i) => Array.from({ length: each }, (_, k) => `new:${i}:${k}`))
    const began = performance.now()
    await Promise.all(processes.map((process, i) => process.ask('write', keys[i])))
    const time = performance.now() - began
    const kept = (await processes[0]?.ask<number>('find', keys.flat())) ?? 0
    found.push({ peer, written: each * processes.length, kept, time })
  }
  return found
}

/** A line for each peer. */
export function keptWritesTable(title: string, found: readonly KeptWrites[], block: string): Table {
  return tableOf(
    title,
    found,
    {
      store: ({ peer: { name, own } }) => (own ? `**${name}**` : name),
      written: ({ written }) => countText(written),
      kept: ({ kept }) => countText(kept),
      'time for each kept': ({ time, kept }) => (kept === 0 ? 'none was' : millisecondsText(time / kept)),
    },
    { block },
  )
}
