import { diskcacheDriver } from '@diskcache/adapters/unstorage'

export default defineNitroPlugin((nitro) => {
  // In development Nitro has mounted its own there.
  if (import.meta.dev) return
  const driver = diskcacheDriver('cache-directory', { base: 'app-v1', ttl: 86_400 })
  useStorage().mount('cache', driver)
  nitro.hooks.hook('close', () => driver.dispose?.())
})
