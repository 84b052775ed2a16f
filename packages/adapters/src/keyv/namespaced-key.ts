import { NamespaceKeys, nameText, quote } from '@diskcache/core'

/**
 * Returns the keys of a Keyv, which is the namespace of its own within the namespace `keyv` of the store: `id:1` of `users`
 * stands under `keyv:users:id:1`. Entries of a Keyv without a namespace stand where that has no name.
 */
export function keyvKeys(namespace = ''): NamespaceKeys {
  return new NamespaceKeys(`keyv:${nameText(namespace)}:`)
}

/** Lists namespaces for a message. */
export function quoteNamespaces(namespaces: Iterable<string>): string {
  return Array.from(namespaces, quote).join(' and ')
}
