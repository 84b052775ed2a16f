import { Cache } from '@diskcache/cache'
import { recipesContract } from '@diskcache/testkit/recipes'
import * as recipes from './index.ts'

const sizeLimit = 1_000_000

recipesContract(
  'Cache',
  (directory, options) => new Cache(directory, { ...options, sizeLimit }).promises,
  recipes,
)
