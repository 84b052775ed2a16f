import { basename } from 'node:path'
import { type AnyStore, type AsyncStore, nameOf, recipeStore } from '@diskcache/core'
import { storeTarget } from '../../reading/targets/open-target.ts'
import { Inspector } from './inspector.ts'
import { checkInspectorOptions, type InspectorOptions } from './inspector-options.ts'

/** What is read in about 10 ms, which the event loop of the application waits. */
const MOST_BYTES = 16 * 1024 ** 2

/** A store that is open: a `Cache`, a `FanoutCache`, the promises of one, a `RedisStore`, or another. */
export type InspectedStore =
  | AsyncStore
  | {
      /** The promise face of a `Store`. */
      readonly promises: AsyncStore
    }

/**
 * Returns an inspector of a store that the application has opened, and closes. Who may see it, the application decides;
 * a browser sends its login by itself, and so a change has to name where it comes from.
 *
 * @throws TypeError for something that is no store, and for an unknown or illegal option
 */
export function storeInspector(given: InspectedStore, options: InspectorOptions = {}): Inspector {
  const { changes, name } = checkInspectorOptions(options)
  const isReadonly = !changes
  const store = recipeStore(given as AnyStore) as AsyncStore
  // Where the application keeps its files is not for everybody who may see the page.
  const ownName = basename(nameOf(store) ?? '') || store.constructor.name
  const target = storeTarget(store, { name: name ?? ownName, isReadonly })
  const writer = isReadonly ? undefined : async () => store
  return new Inspector(target, { writer, isNamed: true, mostBytes: MOST_BYTES })
}
