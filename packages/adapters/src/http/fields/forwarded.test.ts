import { expect, test } from 'vitest'
import { forwardedTarget } from './forwarded.ts'

const CASES = [
  ['for=192.0.2.1', undefined],
  ['by=203.0.113.1;for=192.0.2.1;host=shop.example;proto=https', 'host="shop.example";proto="https"'],
  ['For="[2001:db8::1]:80"; Host="shop.example" ;PROTO=http', 'host="shop.example";proto="http"'],
  ['for=192.0.2.1, host=a.example;for=b, for=c', 'host="a.example"'],
  ['host=a, host=b', 'host="a", host="b"'],
  ['for="a;b,c"', undefined],
  [';for=a;', undefined],
  ['host=a;secret=1;sig=b=', 'host="a"'],
  ['host=a;sig="b="', 'host="a"'],
  // An application that only looks for `host=` finds one in these.
  ['for="a;host=b,c"', 'for="a;host=b,c"'],
  ['for=host=b', 'for=host=b'],
  ['x-host=b', 'x-host=b'],
  // What is malformed counts as it is.
  ['host', 'host'],
  ['host=a b', 'host=a b'],
  ['host="a', 'host="a'],
  ['host="a\\"b"', 'host="a\\"b"'],
  ['', undefined],
] as const

for (const [value, expected] of CASES)
  test(`forwardedTarget() finds ${expected} in ${value}`, () => {
    expect(forwardedTarget(value)).toBe(expected)
  })
