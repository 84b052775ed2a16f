export { type FaultOptions, Faults } from './faults.ts'
export { Memory, MemoryStore, type MemoryStoreOptions } from './memory-store.ts'
export type { Recipes } from './recipes.ts'
export { recipesContract } from './recipes-contract.ts'
