import { expect, test } from 'vitest'
import { addressKey } from './address-key.ts'

test.for([
  ['192.0.2.7', '192.0.2.7'],
  ['::ffff:192.0.2.7', '192.0.2.7'],
  ['::FFFF:c000:207', '192.0.2.7'],
  ['0:0:0:0:0:ffff:192.0.2.7', '192.0.2.7'],
  ['2001:db8::1', '2001:db8:0:0::/64'],
  ['2001:db8:0:0:ffff::1', '2001:db8:0:0::/64'],
  ['2001:0DB8:0:1:2:3:4:5', '2001:db8:0:1::/64'],
  ['2001:db8:a:b:c:d:192.0.2.7', '2001:db8:a:b::/64'],
  ['::1', '0:0:0:0::/64'],
  ['fe80::1%eth0', 'fe80:0:0:0::/64'],
  ['not an address', 'not an address'],
  ['', ''],
  [undefined, ''],
] as const)('addressKey(%o) is %o', ([address, key]) => {
  expect(addressKey(address)).toBe(key)
})
