import { Deque } from '@diskcache/collections'
import { CALLERS_BODY, UNTRIED } from './store-trials.ts'
import { drain, given, plain, type TrialKind } from './trial.ts'

const numbers = (size: number) => Array.from({ length: size }, (_, i) => i)

const ONE_TRANSACTION = 'is one transaction by promise, in proportion to what it moves'

export const DEQUE_TRIALS: TrialKind<Deque<number>, Deque<number>['promises']> = {
  open: (directory) => new Deque<number>(directory),
  faceOf: (deque) => deque.promises,
  fill: (deque, size) => {
    for (let first = 0; first < size; first += 10_000) deque.extend(numbers(Math.min(10_000, size - first)))
  },
  clear: (deque) => deque.clear(),
  countOf: (deque) => deque.length,
  trials: {
    length: plain((face) => face.length()),
    append: plain((face) => face.append(1)),
    appendLeft: plain((face) => face.appendLeft(1)),
    extend: plain((face) => face.extend(numbers(1_000))),
    'extend by as many': given(numbers, (face, items) => face.extend(items), ONE_TRANSACTION),
    extendLeft: plain((face) => face.extendLeft(numbers(1_000))),
    pop: plain((face) => face.pop()),
    popLeft: plain((face) => face.popLeft()),
    take: plain((face) => face.take()),
    takeLeft: plain((face) => face.takeLeft()),
    peek: plain((face) => face.peek()),
    peekLeft: plain((face) => face.peekLeft()),
    at: plain((face, size) => face.at(Math.floor(size / 2))),
    set: plain((face, size) => face.set(Math.floor(size / 2), 1)),
    delete: plain((face, size) => face.delete(Math.floor(size / 2))),
    insert: plain((face) => face.insert(1_000, 1)),
    'insert in the middle': plain((face, size) => face.insert(Math.floor(size / 2), 1), ONE_TRANSACTION),
    remove: plain((face, size) => face.remove(size)),
    count: plain((face) => face.count(1)),
    indexOf: plain((face) => face.indexOf(-1)),
    reverse: plain((face) => face.reverse(), ONE_TRANSACTION),
    rotate: plain((face) => face.rotate(1_000)),
    'rotate by half': plain((face, size) => face.rotate(Math.floor(size / 2)), ONE_TRANSACTION),
    clear: plain((face) => face.clear()),
    equals: given(numbers, (face, items) => face.equals(items)),
    transact: plain((face) => face.transact((deque) => deque.pop()), CALLERS_BODY),
    'Symbol.asyncIterator': plain((face) => drain(face)),
    reversed: plain((face) => drain(face.reversed())),
  },
  untried: UNTRIED,
}
