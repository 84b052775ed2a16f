export { FakeClock } from './fake-clock.ts'
export { type FaultOptions, Faults } from './faults.ts'
export { inAsyncNamespace, inNamespace } from './in-namespace.ts'
export { Memory, type MemoryRow, MemoryStore, type MemoryStoreOptions } from './memory-store.ts'
