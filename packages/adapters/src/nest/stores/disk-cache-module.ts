import { type AsyncStore, checkBoolean, checkFunction, checkOptions, quote } from '@diskcache/core'
import type { DynamicModule, FactoryProvider, ModuleMetadata, Provider } from '@nestjs/common'
import type { StoreOptions } from './store-options.ts'
import { STORE_REGISTRY, type StoreRegistry } from './store-registry.ts'
import { DEFAULT_STORE, getStoreToken } from './store-token.ts'
import { StoresModule } from './stores-module.ts'

interface ModuleOptions {
  /** Tells several stores apart; `'default'` when left out. */
  name?: string | undefined
  /** Whether `InjectStore` works in every module, `false`. Decorated methods find their store in any case. */
  isGlobal?: boolean | undefined
}

export type DiskCacheModuleOptions = StoreOptions & ModuleOptions

export interface DiskCacheModuleAsyncOptions extends ModuleOptions {
  /** Modules whose providers the factory is given. */
  imports?: ModuleMetadata['imports'] | undefined
  /** Tokens of what the factory is given. */
  inject?: FactoryProvider['inject'] | undefined
  useFactory: (...dependencies: never[]) => StoreOptions | Promise<StoreOptions>
}

const ASYNC_OPTION_NAMES = ['imports', 'inject', 'useFactory', 'name', 'isGlobal']

/**
 * Opens stores for an application, and closes them after the server when it shuts down. It closes only what it has opened.
 *
 * @example
 * DiskCacheModule.forRoot({ directory: '/var/cache/app', sizeLimit: 2 * 1024 ** 3, isGlobal: true })
 */
// biome-ignore lint/complexity/noStaticOnlyClass: Nest knows a module by its class
export class DiskCacheModule {
  /**
   * A store in a directory, with the options of `Cache`, and `shards` for a `FanoutCache`; or one that is open already.
   *
   * @throws TypeError, RangeError when the application starts, for an unknown or illegal option
   */
  static forRoot(options: DiskCacheModuleOptions): DynamicModule {
    checkOptions('the options of DiskCacheModule.forRoot', options, Object.keys(options ?? {}))
    const { name, isGlobal, ...storeOptions } = options
    return storeModule({ name, isGlobal, useFactory: () => storeOptions })
  }

  /** The same, with options that other providers know. */
  static forRootAsync(options: DiskCacheModuleAsyncOptions): DynamicModule {
    checkOptions('the options of DiskCacheModule.forRootAsync', options, ASYNC_OPTION_NAMES)
    checkFunction('useFactory', options.useFactory)
    return storeModule(options)
  }
}

function storeModule(options: DiskCacheModuleAsyncOptions): DynamicModule {
  const { name = DEFAULT_STORE, isGlobal = false, imports = [] } = options
  if (typeof name !== 'string' || name === '')
    throw new TypeError(`Cannot use name: expected the name of a store, got ${quote(name)}`)
  checkBoolean('isGlobal', isGlobal)
  return {
    module: DiskCacheModule,
    global: isGlobal,
    imports: [StoresModule, ...imports],
    providers: [storeProvider(name, options), registration(name)],
    exports: [getStoreToken(name)],
  }
}

function storeProvider(name: string, { inject = [], useFactory }: DiskCacheModuleAsyncOptions): Provider {
  return {
    provide: getStoreToken(name),
    useFactory: async (registry: StoreRegistry, ...dependencies: never[]): Promise<AsyncStore> =>
      registry.open(await useFactory(...dependencies)),
    inject: [STORE_REGISTRY, ...inject],
  }
}

/** Apart from the store itself, so that decorated methods use the one that a test overrides it with. */
function registration(name: string): Provider {
  return {
    provide: `registration of ${getStoreToken(name)}`,
    useFactory: (registry: StoreRegistry, store: AsyncStore) => registry.register(name, store),
    inject: [STORE_REGISTRY, getStoreToken(name)],
  }
}
