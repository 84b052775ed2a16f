import { Stage } from '../../measuring/stage.ts'
import type { LibraryPeer } from '../../peers/libraries/library-peer.ts'
import { type Table, tableOf } from '../../report/table.ts'
import type { PartContext } from '../../running/part.ts'
import { reasonOf } from '../../study/crew.ts'
import { PROMISE_TRIALS, type TriedPromise, triedOf } from '../../study/promise-trials.ts'

const HEADS: Readonly<Record<TriedPromise, string>> = {
  kept: 'kept over a restart',
  crashSafe: 'kept after kill -9',
  processes: 'shared by processes',
  atomic: 'atomic across processes',
  sizeLimit: 'limit of bytes',
  expiry: 'expires',
}

/** Of stores, which promises they kept when they were tried; what could not be tried is missing. */
export type Tried = ReadonlyMap<LibraryPeer, ReadonlyMap<TriedPromise, boolean>>

/** Tries all that can be tried. */
export async function tryPromises(peers: readonly LibraryPeer[], context: PartContext): Promise<Tried> {
  const tried = new Map<LibraryPeer, Map<TriedPromise, boolean>>()
  for (const [done, peer] of peers.entries()) {
    context.progress(done, peers.length, `promises: ${peer.name}`)
    const outcomes = new Map<TriedPromise, boolean>()
    for (const promise of triedOf(peer)) {
      await using stage = new Stage()
      try {
        outcomes.set(promise, await PROMISE_TRIALS[promise](peer, stage))
      } catch (error) {
        context.skip(`${peer.name}: ${HEADS[promise]}`, reasonOf(error))
      }
    }
    tried.set(peer, outcomes)
  }
  return tried
}

/** What each store promises, which it also kept when it was tried, unless the table says otherwise. */
export function promisesTable(peers: readonly LibraryPeer[], tried: Tried): Table {
  const columns = Object.entries(HEADS).map(([promise, head]) => [
    head,
    (peer: LibraryPeer) => promiseText(peer, promise as TriedPromise, tried.get(peer)),
  ])
  return tableOf(
    'What a store promises',
    peers,
    {
      store: ({ name, own }) => (own ? `**${name}**` : name),
      ...Object.fromEntries(columns),
      'room of the expired': ({ guarantees }) => guarantees.room,
    },
    { block: 'libraries-promises' },
  )
}

function promiseText(
  { guarantees }: LibraryPeer,
  promise: TriedPromise,
  outcomes: ReadonlyMap<TriedPromise, boolean> | undefined,
): string {
  const claim = guarantees[promise]
  const text = claim === true ? '✔' : `✘ ${claim}`
  const isKept = outcomes?.get(promise)
  if (isKept === undefined) return `${text} (not tried)`
  return isKept === (claim === true) ? text : `${text} (not when it was tried)`
}
