import { inNamespace } from '@diskcache/testkit/memory'
import { open as openWhole } from './open-store.ts'

/** How a second process opens the namespace of the contract suite. */
export const open = inNamespace(openWhole)
