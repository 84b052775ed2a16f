import { quote } from '@diskcache/core'
import type { OnModuleInit } from '@nestjs/common'
import type { DiscoveryService } from '@nestjs/core'
import { STORE_REGISTRY, type StoreRegistry } from './store-registry.ts'
import { type KeyNaming, type StoreUse, usesOf } from './store-use.ts'

type Wrapper = ReturnType<DiscoveryService['getProviders']>[number]

interface MethodUse {
  readonly method: string
  readonly use: StoreUse
}

interface CachedUse extends KeyNaming {
  readonly store: string
  readonly owner: object & { readonly name?: string }
  readonly method: string
  /** Whether all requests share the object. */
  readonly isShared: boolean
}

interface Claim {
  readonly owner: unknown
  readonly method: string
  readonly title: string
}

/**
 * Looks at all providers and controllers when the application starts, so that mistakes show then: stores that do not
 * exist, and keys that would mix up results. Objects that a factory made, or that were given as values, get their
 * stores here.
 */
export class UseCheck implements OnModuleInit {
  readonly #discovery: DiscoveryService
  readonly #registry: StoreRegistry
  /** The methods whose results are kept, by store and the part of their keys that names them. */
  readonly #claims = new Map<string, Claim>()

  constructor(discovery: DiscoveryService, registry: StoreRegistry) {
    this.#discovery = discovery
    this.#registry = registry
  }

  onModuleInit(): void {
    const wrappers = [...this.#discovery.getProviders(), ...this.#discovery.getControllers()]
    for (const wrapper of wrappers) this.#check(wrapper)
  }

  #check(wrapper: Wrapper): void {
    // Of a class whose objects belong to requests, Nest keeps a bare object with its prototype.
    const object: unknown = wrapper.instance
    if (typeof object !== 'object' || object === null) return
    const isShared = wrapper.isDependencyTreeStatic()
    const uses = usesIn(object)
    for (const { method, use } of uses) {
      this.#registry.get(use.store)
      if (use.naming !== undefined)
        this.#checkKey({ ...use.naming, store: use.store, owner: object.constructor, method, isShared })
    }
    if (uses.length > 0 && isShared) this.#provide(object)
  }

  #checkKey({ store, owner, method, isShared, name, hasKey }: CachedUse): void {
    const title = `${owner?.name || '(a class without a name)'}.${method}()`
    if (!hasKey && !isShared) {
      throw new TypeError(
        `Cannot cache ${title}: its objects belong to a request, and so may what it gives; give @Cached the option ` +
          'key, a function that is called with the object as this and says whom the result belongs to',
      )
    }
    if (name === undefined && !owner?.name)
      throw new TypeError(`Cannot cache ${title}: give @Cached the option name`)
    this.#claim(store, name ?? `${owner.name}.${method}`, { owner, method, title })
  }

  /**
   * Takes a name for a method.
   *
   * @throws TypeError when the results of another class or method are kept under this name
   */
  #claim(store: string, name: string, claim: Claim): void {
    const id = JSON.stringify([store, name])
    const { owner, method, title } = this.#claims.get(id) ?? claim
    if (owner !== claim.owner || method !== claim.method) {
      throw new TypeError(
        `Cannot cache ${claim.title}: ${title}, ${owner === claim.owner ? '' : 'of another class, '}keeps its results ` +
          `under the name ${quote(name)}, too; give one of the two another one by the option name of @Cached`,
      )
    }
    this.#claims.set(id, claim)
  }

  #provide(object: object): void {
    if (!(STORE_REGISTRY in object)) Object.assign(object, { [STORE_REGISTRY]: this.#registry })
  }
}

function usesIn(object: object): MethodUse[] {
  const ofClass = usesOf(object.constructor ?? {}).map((use) => ({ method: 'constructor', use }))
  const ofMethods = Array.from(methodsOf(object), ([name, method]) =>
    usesOf(method).map((use) => ({ method: String(name), use })),
  )
  return [...ofClass, ...ofMethods.flat()]
}

/** Returns the methods of an object's class, its own before inherited ones, which they override. */
function methodsOf(object: object): Map<string | symbol, object> {
  const methods = new Map<string | symbol, object>()
  const names = new Set<string | symbol>(['constructor'])
  for (
    let prototype = Object.getPrototypeOf(object);
    prototype !== null && prototype !== Object.prototype;
    prototype = Object.getPrototypeOf(prototype)
  ) {
    for (const name of Reflect.ownKeys(prototype)) {
      const { value } = Object.getOwnPropertyDescriptor(prototype, name) ?? {}
      if (!names.has(name) && typeof value === 'function') methods.set(name, value)
      names.add(name)
    }
  }
  return methods
}
