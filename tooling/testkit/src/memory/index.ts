export { inAsyncNamespace, inNamespace } from '../namespaces/in-namespace.ts'
export { FakeClock } from './fake-clock.ts'
export { type FaultOptions, Faults } from './faults.ts'
export { Memory, type MemoryRow, MemoryStore, type MemoryStoreOptions } from './memory-store.ts'
