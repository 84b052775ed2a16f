import { asyncStoreContract, type OpenOptions } from '@diskcache/testkit'
import { inAsyncNamespace, Memory, MemoryStore } from '@diskcache/testkit/memory'
import { recipesContract } from '@diskcache/testkit/recipes'
import * as recipes from './index.ts'

const memories = new Map<string, Memory>()

/** Stores of one name share their memory. */
function open(watch: boolean) {
  return (name: string, options: OpenOptions) => {
    const memory = memories.get(name) ?? new Memory()
    memories.set(name, memory)
    return new MemoryStore({ ...options, memory, watch })
  }
}

asyncStoreContract('MemoryStore', open(true), new MemoryStore().capabilities)
asyncStoreContract('MemoryStore.namespace()', inAsyncNamespace(open(true)), new MemoryStore().capabilities)
recipesContract('MemoryStore', open(true), recipes)
if (process.env.DISKCACHE_ALL_PLATFORMS) recipesContract('MemoryStore without watch', open(false), recipes)
