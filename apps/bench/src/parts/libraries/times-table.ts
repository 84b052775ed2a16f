import type { Library } from '../../peers/libraries/library-peer.ts'
import { countText, figureText, millisecondsText } from '../../report/figure-text.ts'
import { ABSENT, type Table, tableOf } from '../../report/table.ts'
import type { PeerFigure } from '../../study/peer-figure.ts'
import type { Operation } from '../../worker/store-calls.ts'
import type { LibraryFigures } from './libraries-part.ts'

const OPERATIONS: readonly Operation[] = ['get', 'set', 'touch', 'consume']

/** A store, and what was found of it by operations. */
interface Row {
  readonly library: Library
  readonly peer: PeerFigure['peer']
  readonly figures: ReadonlyMap<Operation, PeerFigure>
}

/** A line for each store, with what a call takes by operations. */
export function librariesTable(
  title: string,
  found: readonly LibraryFigures[],
  kind: 'alone' | 'together',
  block: string,
): Table {
  const columns = OPERATIONS.map(
    (operation) => [operation, ({ figures }: Row) => timeText(figures.get(operation))] as const,
  )
  return tableOf(
    title,
    rowsOf(found, kind),
    {
      library: ({ library }) => library,
      store: ({ peer: { name, own } }) => (own ? `**${name}**` : name),
      ...Object.fromEntries(columns),
      failed: ({ figures }) => failedText([...figures.values()]),
    },
    { block },
  )
}

function rowsOf(found: readonly LibraryFigures[], kind: 'alone' | 'together'): Row[] {
  const rows = new Map<PeerFigure['peer'], { library: Library; figures: Map<Operation, PeerFigure> }>()
  for (const { library, operation, [kind]: figures } of found)
    for (const figure of figures) {
      const row = rows.get(figure.peer) ?? { library, figures: new Map() }
      row.figures.set(operation, figure)
      rows.set(figure.peer, row)
    }
  return Array.from(rows, ([peer, row]) => ({ peer, ...row }))
}

function timeText(figure: PeerFigure | undefined): string {
  if (figure === undefined) return ABSENT
  return `${millisecondsText(1e3 / figure.rate)} (${figureText(figure.ratio)})`
}

function failedText(figures: readonly PeerFigure[]): string {
  const failed = figures
    .flatMap(({ failures }) => Object.values(failures))
    .reduce((sum, many) => sum + many, 0)
  return failed === 0 ? 'none' : countText(failed)
}
