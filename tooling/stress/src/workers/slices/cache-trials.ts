import { Cache } from '@diskcache/cache'
import { fillStore, keyOf, SIZE_LIMIT, STORE_TRIALS, UNTRIED } from './store-trials.ts'
import { plain, type TrialKind } from './trial.ts'

export const CACHE_TRIALS: TrialKind<Cache, Cache['promises']> = {
  open: (directory) => new Cache(directory, { sizeLimit: SIZE_LIMIT }),
  faceOf: (cache) => cache.promises,
  fill: fillStore,
  clear: (cache) => void cache.clear(),
  countOf: (cache) => cache.size,
  trials: {
    ...STORE_TRIALS,
    rename: plain((face) => face.rename(keyOf(1), 'other')),
    push: plain((face) => face.push('item')),
    pull: plain((face) => face.pull()),
    peek: plain((face) => face.peek()),
    peekItem: plain((face) => face.peekItem()),
    keyAt: plain((face, size) => face.keyAt(Math.floor(size / 2))),
    entryAt: plain((face, size) => face.entryAt(Math.floor(size / 2))),
  },
  untried: { ...UNTRIED, abandon: 'ends the face' },
}
