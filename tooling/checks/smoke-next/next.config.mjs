import { fileURLToPath } from 'node:url'

const pathOf = (name) => fileURLToPath(new URL(name, import.meta.url))

/** `useCache` lets pages have `use cache` beside others that have `revalidate`. */
export default {
  output: 'standalone',
  experimental: { useCache: true, cpus: 2 },
  cacheHandler: pathOf('./cache-handler.mjs'),
  cacheHandlers: { default: pathOf('./use-cache-handler.mjs') },
  cacheMaxMemorySize: 0,
}
