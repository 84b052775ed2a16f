import { FanoutCache } from '@diskcache/fanout'
import { CALLERS_BODY, fillStore, INDEX_AT_ONCE, SIZE_LIMIT, STORE_TRIALS, UNTRIED } from './store-trials.ts'
import { plain, type TrialKind } from './trial.ts'

export const FANOUT_TRIALS: TrialKind<FanoutCache, FanoutCache['promises']> = {
  open: (directory) => new FanoutCache(directory, { sizeLimit: SIZE_LIMIT }),
  faceOf: (cache) => cache.promises,
  fill: fillStore,
  clear: (cache) => void cache.clear(),
  countOf: (cache) => cache.size,
  trials: {
    ...STORE_TRIALS,
    configure: plain((face) => face.configure({ cullLimit: 5 })),
    'configure of an index': plain((face) => face.configure({ tagIndex: true }), INDEX_AT_ONCE),
    transact: plain((face) => face.transact((store) => store.incr('total')), CALLERS_BODY),
  },
  untried: UNTRIED,
}
