import type { Storage } from 'unstorage'

/** What Nitro has as globals, as far as the plugin and the route need it. */
declare global {
  interface NitroApp {
    readonly hooks: { hook(name: 'close', listener: () => unknown): void }
  }
  function defineNitroPlugin(plugin: (nitro: NitroApp) => void): (nitro: NitroApp) => void
  function useStorage(): Storage
  function defineCachedFunction<A extends unknown[], R>(
    compute: (...args: A) => Promise<R>,
    options: { name: string; getKey: (...args: A) => string; maxAge: number },
  ): (...args: A) => Promise<R>
  function defineEventHandler<R>(handler: (event: object) => R): (event: object) => R
  function getQuery(event: object): { readonly n?: string }
  interface ImportMeta {
    readonly dev?: boolean
  }
}
