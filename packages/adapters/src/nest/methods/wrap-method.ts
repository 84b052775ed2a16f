import { type AsyncStore, checkString, quote, type Tags } from '@diskcache/core'
import { Inject } from '@nestjs/common'
import { copyMetadata } from '../stores/metadata.ts'
import { STORE_REGISTRY, type StoreRegistry } from '../stores/store-registry.ts'
import { addUse, type StoreUse } from '../stores/store-use.ts'

/** A method that returns a promise of `V`, and whose first parameters are `A`. */
export type AsyncMethod<A extends readonly unknown[], V = unknown> = (
  ...args: [...A, ...never[]]
) => Promise<V>

/** Decorates an `AsyncMethod` of objects of type `T`. */
export type AsyncMethodDecorator<A extends readonly unknown[], T extends object, V = unknown> = <
  M extends AsyncMethod<A, V>,
>(
  target: T,
  name: string | symbol,
  descriptor: TypedPropertyDescriptor<M>,
) => TypedPropertyDescriptor<M>

/** A call of a decorated method. */
export interface MethodCall {
  readonly self: object
  readonly name: string | symbol
  readonly args: readonly unknown[]
  readonly store: AsyncStore
  /** Removes what has one of the tags, be it an entry or a response. */
  readonly evict: (tags: Tags) => Promise<void>
  /** Runs the method itself, and returns what it returns. */
  proceed(): Promise<unknown>
}

interface Decorated {
  readonly [STORE_REGISTRY]?: StoreRegistry | undefined
}

/**
 * Returns a decorator that runs `around` in place of the method. Nest gives every object of the class the stores of its
 * application, as it does with any property that is marked with `Inject`: so the decorator works whatever the scope of
 * the object, and with inheritance.
 *
 * @throws TypeError for a store whose name is no string; the decorator throws for something that is no method of an
 * object
 */
export function wrapMethod<A extends readonly unknown[], T extends object, V = unknown>(
  use: StoreUse,
  around: (call: MethodCall) => Promise<unknown>,
): AsyncMethodDecorator<A, T, V> {
  checkString('store', use.store)
  return <M extends AsyncMethod<A, V>>(
    target: T,
    name: string | symbol,
    descriptor: TypedPropertyDescriptor<M>,
  ) => {
    const original = methodOf(use, target, descriptor)
    async function wrapped(this: Decorated, ...args: unknown[]): Promise<unknown> {
      const stores = storesOf(this, use, name)
      const store = stores.get(use.store)
      const evict = (tags: Tags) => stores.evict(use.store, tags)
      const proceed = async () => Reflect.apply(original, this, args)
      return around({ self: this, name, args, store, evict, proceed })
    }
    Object.defineProperty(wrapped, 'name', { value: original.name, configurable: true })
    copyMetadata(original, wrapped)
    addUse(wrapped, use)
    Inject(STORE_REGISTRY)(target, STORE_REGISTRY)
    return { ...descriptor, value: wrapped as unknown as M }
  }
}

/** Returns what error messages call a method. */
export function titleOf(self: object, name: string | symbol): string {
  return `${self.constructor.name}.${String(name)}()`
}

function methodOf<M>(
  { decorator }: StoreUse,
  target: object,
  descriptor: TypedPropertyDescriptor<M> | undefined,
) {
  const method: unknown = descriptor?.value
  if (typeof method === 'function' && typeof target === 'object') return method
  throw new TypeError(
    `Cannot use @${decorator}: expected a method that is not static, under the compiler option ` +
      `experimentalDecorators, got ${quote(method)}`,
  )
}

function storesOf(self: Decorated, { decorator }: StoreUse, name: string | symbol): StoreRegistry {
  const registry = self?.[STORE_REGISTRY]
  if (registry !== undefined) return registry
  throw new TypeError(
    `Cannot run ${titleOf(self ?? {}, name)}, which has @${decorator}: its object has no stores; make it a provider or a ` +
      'controller of an application that imports DiskCacheModule.forRoot(), and call it after its constructor',
  )
}
