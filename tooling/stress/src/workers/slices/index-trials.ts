import { Index } from '@diskcache/collections'
import { CALLERS_BODY, keyOf, UNTRIED } from './store-trials.ts'
import { drain, given, plain, type TrialKind } from './trial.ts'

const entriesOf = (size: number) => Array.from({ length: size }, (_, i) => [keyOf(i), i] as const)

export const INDEX_TRIALS: TrialKind<Index<string, number>, Index<string, number>['promises']> = {
  open: (directory) => new Index<string, number>(directory),
  faceOf: (index) => index.promises,
  fill: (index, size) => {
    const entries = entriesOf(size)
    for (let first = 0; first < size; first += 10_000) index.update(entries.slice(first, first + 10_000))
  },
  clear: (index) => index.clear(),
  countOf: (index) => index.size,
  trials: {
    size: plain((face) => face.size()),
    get: plain((face) => face.get(keyOf(1))),
    set: plain((face) => face.set(keyOf(1), 2)),
    has: plain((face) => face.has(keyOf(1))),
    delete: plain((face) => face.delete(keyOf(1))),
    pop: plain((face) => face.pop(keyOf(1))),
    popItem: plain((face) => face.popItem()),
    peekItem: plain((face) => face.peekItem()),
    setDefault: plain((face) => face.setDefault('new', () => 1)),
    push: plain((face) => face.push(1)),
    pull: plain((face) => face.pull()),
    update: given(entriesOf, (face, items) => face.update(items)),
    clear: plain((face) => face.clear()),
    keys: plain((face) => drain(face.keys())),
    'keys backwards': plain((face) => drain(face.keys({ reverse: true }))),
    values: plain((face) => drain(face.values())),
    entries: plain((face) => drain(face.entries())),
    'entries sorted': plain((face) => drain(face.entries({ order: 'sorted' }))),
    'Symbol.asyncIterator': plain((face) => drain(face)),
    equals: given(
      (size) => new Map(entriesOf(size)),
      (face, entries) => face.equals(entries),
    ),
    transact: plain((face) => face.transact((index) => index.popItem()), CALLERS_BODY),
  },
  untried: UNTRIED,
}
