import { type AsyncStore, checkBoolean, checkFunction, checkOptions, quote } from '@diskcache/core'
import type { DynamicModule, FactoryProvider, ModuleMetadata, Provider } from '@nestjs/common'
import { Responses } from './responses.ts'
import type { StoreOptions } from './store-options.ts'
import { STORE_REGISTRY, type StoreRegistry } from './store-registry.ts'
import { checkResponsesOptions, type ResponsesOptions } from './store-responses.ts'
import { DEFAULT_STORE, getResponsesToken, getStoreToken } from './store-token.ts'
import { StoresModule } from './stores-module.ts'

/** The options of the module itself, also in `forRootAsync`. */
interface ModuleOptions {
  /** The name that tells several stores of an application apart; `'default'` when left out. */
  name?: string | undefined
  /**
   * Whether `InjectStore` and `InjectResponses` work in every module; `false` by default. Decorated methods find their store in any case.
   */
  isGlobal?: boolean | undefined
  /** The options of HTTP caching for all routes that keep their responses in the store. */
  responses?: ResponsesOptions | undefined
}

/**
 * The options of {@link DiskCacheModule.forRoot}: a directory with the options of its cache, or a store that is open
 * already; and the store's name.
 */
export type DiskCacheModuleOptions = StoreOptions & ModuleOptions

/** The options of {@link DiskCacheModule.forRootAsync}: a factory, what it needs, and the store's name. */
export interface DiskCacheModuleAsyncOptions extends ModuleOptions {
  /** The modules whose providers the factory is given. None by default. */
  imports?: ModuleMetadata['imports'] | undefined
  /** The tokens of what the factory is given, in the order of its parameters. None by default. */
  inject?: FactoryProvider['inject'] | undefined
  /**
   * Returns a directory with the options of its cache, or a store that is open already, or a promise of either. Called
   * once, when the application starts.
   */
  useFactory: (...dependencies: never[]) => StoreOptions | Promise<StoreOptions>
}

const ASYNC_OPTION_NAMES = ['imports', 'inject', 'useFactory', 'name', 'isGlobal', 'responses']

/**
 * Opens stores for an application, and closes them after the server when the application shuts down. Stores that were
 * given stay open. Each application has its own stores, also when several run in one process.
 *
 * @example
 * ```ts
 * import assert from 'node:assert/strict'
 * import { DiskCacheModule, getStoreToken } from '@diskcache/adapters/nest'
 * import type { AsyncStore } from '@diskcache/cache'
 * import { NestFactory } from '@nestjs/core'
 *
 * const stores = DiskCacheModule.forRoot({ directory: 'cache-directory', sizeLimit: 2 * 1024 ** 3 })
 * const application = await NestFactory.createApplicationContext(stores, { logger: false })
 * const store = application.get<AsyncStore>(getStoreToken())
 * assert.equal(await store.set('key', 'value', { ttl: 60_000 }), true)
 * await application.close()
 * ```
 */
// biome-ignore lint/complexity/noStaticOnlyClass: Nest knows a module by its class
export class DiskCacheModule {
  /**
   * Returns a module with a store in a directory, with the options of `Cache`, and `shards` for a `FanoutCache`; or
   * with one that is open already. Import it once, in the module of the application.
   *
   * @throws TypeError for options that are no object, or an illegal `name` or `isGlobal`
   * @throws TypeError, RangeError when the application starts, for any other unknown or illegal option
   */
  static forRoot(options: DiskCacheModuleOptions): DynamicModule {
    checkOptions('the options of DiskCacheModule.forRoot', options, Object.keys(options ?? {}))
    const { name, isGlobal, responses, ...storeOptions } = options
    return storeModule({ name, isGlobal, responses, useFactory: () => storeOptions })
  }

  /**
   * Returns a module with a store whose options other providers know.
   *
   * @throws TypeError for an unknown option, or an illegal `useFactory`, `name` or `isGlobal`
   * @throws TypeError, RangeError when the application starts, for an unknown or illegal option that the factory
   * returned
   */
  static forRootAsync(options: DiskCacheModuleAsyncOptions): DynamicModule {
    checkOptions('the options of DiskCacheModule.forRootAsync', options, ASYNC_OPTION_NAMES)
    checkFunction('useFactory', options.useFactory)
    return storeModule(options)
  }
}

function storeModule(options: DiskCacheModuleAsyncOptions): DynamicModule {
  const { name = DEFAULT_STORE, isGlobal = false, responses = {}, imports = [] } = options
  if (typeof name !== 'string' || name === '')
    throw new TypeError(`Cannot use name: expected the name of a store, got ${quote(name)}`)
  checkBoolean('isGlobal', isGlobal)
  checkResponsesOptions(responses)
  return {
    module: DiskCacheModule,
    global: isGlobal,
    imports: [StoresModule, ...imports],
    providers: [storeProvider(name, options), registration(name, responses), responsesProvider(name)],
    exports: [getStoreToken(name), getResponsesToken(name)],
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

/**
 * Makes the store known to decorated methods. A provider apart from the store itself, so that they use the one that a
 * test overrides it with.
 */
function registration(name: string, responses: ResponsesOptions): Provider {
  return {
    provide: `registration of ${getStoreToken(name)}`,
    useFactory: (registry: StoreRegistry, store: AsyncStore) => registry.register(name, store, responses),
    inject: [STORE_REGISTRY, getStoreToken(name)],
  }
}

function responsesProvider(name: string): Provider {
  return {
    provide: getResponsesToken(name),
    useFactory: (registry: StoreRegistry) => new Responses(() => registry.responses(name)),
    inject: [STORE_REGISTRY],
  }
}
