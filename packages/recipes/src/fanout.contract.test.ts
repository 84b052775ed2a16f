import { FanoutCache } from '@diskcache/fanout'
import { recipesContract } from '@diskcache/testkit/recipes'
import * as recipes from './index.ts'

const options = { shards: 2, sizeLimit: 2_000_000 }

recipesContract(
  'FanoutCache',
  (directory, given) => new FanoutCache(directory, { ...given, ...options }).promises,
  recipes,
)
