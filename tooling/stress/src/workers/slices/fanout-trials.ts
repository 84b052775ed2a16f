import { FanoutCache } from '@diskcache/fanout'
import { fillStore, SIZE_LIMIT, STORE_TRIALS, UNTRIED } from './store-trials.ts'
import type { TrialKind } from './trial.ts'

export const FANOUT_TRIALS: TrialKind<FanoutCache, FanoutCache['promises']> = {
  open: (directory) => new FanoutCache(directory, { sizeLimit: SIZE_LIMIT }),
  faceOf: (cache) => cache.promises,
  fill: fillStore,
  clear: (cache) => void cache.clear(),
  countOf: (cache) => cache.size,
  trials: STORE_TRIALS,
  untried: UNTRIED,
}
