import { Cache } from '@diskcache/cache'
import {
  CALLERS_BODY,
  fillStore,
  INDEX_AT_ONCE,
  keyOf,
  SIZE_LIMIT,
  STORE_TRIALS,
  UNTRIED,
} from './store-trials.ts'
import { after, plain, type TrialKind } from './trial.ts'

export const CACHE_TRIALS: TrialKind<Cache, Cache['promises']> = {
  open: (directory) => new Cache(directory, { sizeLimit: SIZE_LIMIT }),
  faceOf: (cache) => cache.promises,
  fill: (cache, size) => {
    cache.configure({ sizeLimit: SIZE_LIMIT, tagIndex: false })
    fillStore(cache, size)
  },
  clear: (cache) => void cache.clear(),
  countOf: (cache) => cache.size,
  trials: {
    ...STORE_TRIALS,
    configure: plain((face) => face.configure({ cullLimit: 5 })),
    'configure of an index': plain((face) => face.configure({ tagIndex: true }), INDEX_AT_ONCE),
    transact: plain((face) => face.transact((store) => store.incr('total')), CALLERS_BODY),
    'cull of half': after(halveLimit, (face) => face.cull()),
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

function halveLimit(cache: Cache): void {
  cache.configure({ sizeLimit: Math.floor(cache.volume() / 2) })
}
