export type { InspectorOptions } from '../inspector/server/inspector-options.ts'
export type { InspectedStore } from '../inspector/server/store-inspector.ts'
export { type InspectCacheOptions, inspectCache } from './inspect-cache.ts'
