import type { AsyncStore, Store } from '@diskcache/core'
import type { OpenAsyncStore } from '../async-store-test.ts'
import type { OpenStore } from '../store-test.ts'

/** The name of the namespace that is opened. */
const NAME = 'users'

/**
 * Returns a function that opens a store and gives a namespace of it, with which the whole is closed, so that contracts can
 * be run on namespaces.
 */
export function inNamespace(open: OpenStore<Store>): OpenStore<Store> {
  return (directory, options) => {
    const whole = open(directory, options)
    const namespace = whole.namespace(NAME)
    const end = namespace.close.bind(namespace)
    namespace.close = () => {
      end()
      whole.close()
    }
    return namespace
  }
}

/** The same for stores with promises alone. */
export function inAsyncNamespace(open: OpenAsyncStore): OpenAsyncStore {
  return (directory, options) => {
    const whole = open(directory, options)
    const namespace: AsyncStore = whole.namespace(NAME)
    const end = namespace.close.bind(namespace)
    namespace.close = async () => {
      await end()
      await whole.close()
    }
    return namespace
  }
}
