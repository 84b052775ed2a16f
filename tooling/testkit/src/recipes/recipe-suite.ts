import type { AsyncStore } from '@diskcache/core'
import { asyncStoreTest, type OpenAsyncStore } from '../async-store-test.ts'
import type { Recipes } from './recipes.ts'

/** What the tests of one behaviour of a recipe are given. A store that is opened again stands for another process. */
export interface RecipeSuite {
  /** Stands before the title of every test. */
  readonly name: string
  readonly test: ReturnType<typeof asyncStoreTest<AsyncStore>>
  readonly recipes: Recipes
}

/** Returns a suite for the engine that `open` opens. */
export function recipeSuite(name: string, open: OpenAsyncStore, recipes: Recipes): RecipeSuite {
  return { name, test: asyncStoreTest(open), recipes }
}
