import type { Storage } from 'unstorage'

/** What Nitro has as globals, as far as the plugin needs it. */
declare global {
  interface NitroApp {
    readonly hooks: { hook(name: 'close', listener: () => unknown): void }
  }
  function defineNitroPlugin(plugin: (nitro: NitroApp) => void): (nitro: NitroApp) => void
  function useStorage(): Storage
  interface ImportMeta {
    readonly dev?: boolean
  }
}
