import type { Key, Pin, Tags } from '@diskcache/core'

/** A value of each type that a cache keeps, and keys of each type. */
export function everyType(): [Key, unknown][] {
  const shared = { one: 1 }
  const cycle: Record<string, unknown> = { zero: -0 }
  cycle.self = [cycle, shared, shared]
  const sparse: unknown[] = [1, 2, 3]
  delete sparse[1]
  const values: unknown[] = [
    ...[null, true, undefined, 0, -0, 1.5, 1e300, Number.NaN, Infinity, -Infinity, 2 ** 53],
    ...[5n, 2n ** 60n, 3n ** 200n, '', 'text', '\ud800', 'é€😀\u0000', 'x'.repeat(100_000)],
    ...[Buffer.from([0, 255]), Buffer.alloc(0), Buffer.alloc(100_000, 7)],
    ...[{ a: [1, { b: null }] }, JSON.parse('{"__proto__": {"a": 1}}'), { a: undefined }, sparse],
    ...[
      Object.assign([1], { extra: 1 }),
      cycle,
      new Map<unknown, unknown>([[{ a: 1 }, new Set([1, Number.NaN])]]),
    ],
    ...[new Date(0), new Date(Number.NaN), /a\/b/giu, [new Float64Array([-0]), new BigInt64Array([-1n])]],
    ...[new DataView(new Uint8Array([1, 2, 3]).buffer, 1), new Uint8Array([1, 2]).buffer, Object(-0)],
    ...[new TypeError('t', { cause: { a: -0 } }), new DOMException('late', 'TimeoutError')],
    { long: 'y'.repeat(1_500_000), map: new Map([[1, 2]]) },
    ...['é'.repeat(900_000), Buffer.alloc(2_500_000, 'bytes')],
  ]
  const keys: Key[] = [
    ...['', 'a:1', '\ud800', 'é\u0000', 0, 1, -1.5, 1e300, Infinity, 2n ** 60n, 3n ** 100n],
    ...[true, null, Buffer.from([0, 255]), new Date(5), [1, [undefined]], { b: 1, a: 'x' }],
  ]
  return [
    ...values.map((value, i): [Key, unknown] => [`value ${i}`, value]),
    ...keys.map((key, i): [Key, unknown] => [key, i]),
  ]
}

/** Options of writes, each other ones. */
export function someOptions(i: number): { ttl?: number; tag?: Tags; pin?: Pin } {
  const tags: Tags[] = ['users', ['a', 2, Infinity], Buffer.from([0, 255]), []]
  return {
    ...(i % 3 === 0 ? { ttl: 3_600_000 + i * 7 } : {}),
    ...(i % 5 === 0 ? { tag: tags[(i / 5) % 4] as Tags } : {}),
    ...(i % 7 === 0 ? { pin: i % 2 === 0 ? true : 'share' } : {}),
  }
}
