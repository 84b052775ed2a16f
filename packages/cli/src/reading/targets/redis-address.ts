/** An address of Redis, taken apart. */
export interface RedisAddress {
  /** What the client connects to. */
  readonly url: string
  /** The option `prefix` of `RedisStore`. */
  readonly prefix: string | undefined
  /** The address as it is shown: without a password, and with the prefix. */
  readonly name: string
}

/** Takes an address apart; `?prefix=`, or `#`, is the prefix. */
export function redisAddress(address: string): RedisAddress {
  const url = new URL(address)
  const inHash = url.hash === '' ? undefined : decodeURIComponent(url.hash.slice(1))
  const prefix = url.searchParams.get('prefix') ?? inHash
  url.searchParams.delete('prefix')
  url.hash = ''
  return { url: url.href, prefix, name: nameOf(url, prefix) }
}

function nameOf(url: URL, prefix: string | undefined): string {
  const shown = new URL(url)
  shown.username = ''
  shown.password = ''
  if (prefix !== undefined) shown.searchParams.set('prefix', prefix)
  return shown.href
}
