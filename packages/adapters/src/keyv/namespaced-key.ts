import { quote } from '@diskcache/core'

/**
 * Where an entry of a Keyv stands in the store: under the string `keyv:<namespace>:<key>`. What would make the
 * namespace end elsewhere is written as `%` and four hexadecimal digits, so that no namespace is the beginning of
 * another, and those of one stand together in the order of keys. Lone surrogates are written so too: they have no UTF-8
 * form, by which stores keep strings.
 */

const SPECIAL_IN_NAMESPACE = /[%:\p{Surrogate}]/gu
const SPECIAL_IN_KEY = /[%\p{Surrogate}]/gu
const ESCAPED = /%([0-9a-f]{4})/g

/**
 * Returns what the store's keys of a namespace begin with, and no others; without a name, that of the entries that have
 * no namespace.
 */
export function namespacePrefix(namespace = ''): string {
  return `keyv:${namespace.replace(SPECIAL_IN_NAMESPACE, escaped)}:`
}

/**
 * Returns the store's key; `prefix` is that of the namespace. Numbers, which Keyv 5 lets pass for keys, are taken as
 * text.
 */
export function namespacedKey(prefix: string, key: string): string {
  return prefix + `${key}`.replace(SPECIAL_IN_KEY, escaped)
}

/** Returns the key that {@link namespacedKey} was given. */
export function keyInNamespace(prefix: string, storeKey: string): string {
  return storeKey
    .slice(prefix.length)
    .replace(ESCAPED, (_, digits) => String.fromCharCode(parseInt(digits, 16)))
}

/** Lists namespaces for a message. */
export function quoteNamespaces(namespaces: Iterable<string>): string {
  return Array.from(namespaces, quote).join(' and ')
}

/** Returns the escape sequence of a special character, each of which is one UTF-16 code unit. */
function escaped(character: string): string {
  return `%${character.charCodeAt(0).toString(16).padStart(4, '0')}`
}
