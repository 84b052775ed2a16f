const NAME = 'inherited'

const PROPERTY = { value: NAME, enumerable: true, configurable: true, writable: true }

/** Runs a task while all objects inherit an enumerable property, as some libraries make them, and resolves to its result. */
export async function withInheritedProperty<T>(task: () => T): Promise<Awaited<T>> {
  Object.defineProperty(Object.prototype, NAME, PROPERTY)
  try {
    return await task()
  } finally {
    Reflect.deleteProperty(Object.prototype, NAME)
  }
}
