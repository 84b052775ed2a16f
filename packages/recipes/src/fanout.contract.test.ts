import { FanoutCache } from '@diskcache/fanout'
import { recipesContract } from '@diskcache/testkit/recipes'
import { test } from 'vitest'
import * as recipes from './index.ts'

const options = { shards: 2, sizeLimit: 2_000_000 }

if (process.env.DISKCACHE_ALL_PLATFORMS) {
  recipesContract(
    'FanoutCache',
    (directory, given) => new FanoutCache(directory, { ...given, ...options }).promises,
    recipes,
  )
} else test.skip('FanoutCache: only with DISKCACHE_ALL_PLATFORMS')
