import { isIPv6 } from 'node:net'

/**
 * Returns what tells the client of an address from others: an IPv4 address itself, also one that is written as IPv6, and
 * the first 64 bits of an IPv6 address, as one customer has all the addresses that begin with them. Without an address, as
 * on a Unix socket, all clients are one.
 *
 * @example
 * ```ts
 * import assert from 'node:assert/strict'
 * import { addressKey } from '@diskcache/adapters/rate-limit'
 *
 * assert.equal(addressKey('::ffff:192.0.2.7'), '192.0.2.7')
 * assert.equal(addressKey('2001:db8::1'), '2001:db8:0:0::/64')
 * ```
 */
export function addressKey(address: string | undefined): string {
  const [plain = ''] = address?.split('%') ?? []
  if (!isIPv6(plain)) return plain
  const groups = groupsOf(plain)
  const isMapped = groups.slice(0, 6).join(':') === '0:0:0:0:0:ffff'
  if (!isMapped) return `${groups.slice(0, 4).join(':')}::/64`
  const bytes = groups.slice(6).map((group) => parseInt(group, 16))
  return bytes.flatMap((two) => [two >> 8, two & 0xff]).join('.')
}

/** Returns the eight groups of an IPv6 address, in hexadecimal digits. */
function groupsOf(address: string): string[] {
  // A URL writes each address in one way, without dots.
  const { hostname } = new URL(`http://[${address}]`)
  const [head = [], tail = []] = hostname
    .slice(1, -1)
    .split('::')
    .map((part) => part.split(':').filter(Boolean))
  return [...head, ...new Array<string>(8 - head.length - tail.length).fill('0'), ...tail]
}
