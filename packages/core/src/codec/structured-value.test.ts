import { BlockList, SocketAddress } from 'node:net'
import { createHistogram } from 'node:perf_hooks'
import { inspect } from 'node:util'
import vm from 'node:vm'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { decodeStructured, encodeStructured } from './structured-value.ts'

function roundTrip(value: unknown): unknown {
  return decodeStructured(encodeStructured(value))
}

const shared = { shared: true }
const cycle: Record<string, unknown> = { name: 'cycle', zero: -0 }
cycle.self = cycle
cycle.map = new Map([[cycle, new Set([cycle])]])
const plainCycle: Record<string, unknown> = {}
plainCycle.self = [plainCycle]

/** What MessagePack alone would alter, and what it keeps. */
const VALUES: [string, unknown][] = [
  ['negative zero', [-0, { zero: -0 }]],
  ['NaN and infinities', [Number.NaN, Infinity, -Infinity]],
  ['large integers as numbers', [2 ** 53, 2 ** 60, -(2 ** 63), 2 ** 64]],
  ['bigints of any size', [0n, 5n, -1n, 2n ** 63n - 1n, -(2n ** 63n), 2n ** 64n, 3n ** 200n]],
  ['undefined', { a: undefined, list: [undefined, null] }],
  ['lone surrogates', ['\ud800', { '\udfff': 'a\ud800b' }]],
  ['holes', withoutItems([1, 2, 3, undefined, 5], 1, 4)],
  ['properties beside the items', Object.assign([1, 2], { index: 0, extra: 'x' })],
  ['an own __proto__', JSON.parse('{"__proto__": {"polluted": true}, "a": 1}')],
  [
    'a map with any keys',
    new Map<unknown, unknown>([
      [{ a: 1 }, 1],
      [Number.NaN, 2],
      [-0, 3],
      [null, undefined],
    ]),
  ],
  ['a set', new Set([1, '1', shared, shared])],
  ['dates', [new Date(0), new Date(8.64e15), new Date(-8.64e15), new Date(Number.NaN), new Date(1.5e12 + 1)]],
  ['regular expressions', [/a/, /[\u{1F600}]\/b/giu, /x/dgimsvy]],
  [
    'errors',
    [new TypeError('t', { cause: { a: 1 } }), new RangeError('r'), new Error('', { cause: undefined })],
  ],
  [
    'exceptions of the DOM',
    [
      new DOMException('stopped', 'AbortError'),
      new DOMException('a\ud800', { name: 'own', cause: { a: [-0] } }),
      new Error('failed', { cause: new DOMException('late', 'TimeoutError') }),
    ],
  ],
  ['an error without a stack', withoutStack(new Error('bare'))],
  ['boxed primitives', [Object('s'), Object(-0), Object(true), Object(7n)]],
  [
    'another realm',
    vm.runInNewContext(
      '({ map: new Map([[1, [1, 2]]]), set: new Set([1]), date: new Date(1), r: /r/g, e: new TypeError("e") })',
    ),
  ],
  [
    'typed arrays',
    [
      new Uint8Array([1]),
      new Float64Array([-0, 1]),
      new BigInt64Array([-1n]),
      new Uint8ClampedArray([9]),
      new Int16Array(3),
    ],
  ],
  ['Float16Array', float16Array([1.5])],
  [
    'an ArrayBuffer and a DataView',
    [new Uint8Array([1, 2, 3]).buffer, new DataView(new Uint8Array([1, 2, 3]).buffer, 1)],
  ],
  [
    'bytes beside an oddity',
    [-0, new Uint8Array([1, 2]), new DataView(new Uint8Array([1, 2, 3]).buffer, 1, 1)],
  ],
  ['a cycle', plainCycle],
  ['a cycle with an oddity', cycle],
  ['shared references', { one: shared, two: [shared], zero: -0 }],
  ['an object without a prototype', Object.assign(Object.create(null), { a: 1 })],
  ['a getter', Object.defineProperty({}, 'computed', { get: () => -0, enumerable: true })],
  ['symbols as names', { [Symbol('s')]: 1, a: 2 }],
  ['the result of a match', /b(?<c>c)/.exec('abc')],
  ['an object with constructor and toJSON', { constructor: 1, toJSON: 2, hasOwnProperty: 3 }],
  ['the same without a prototype', Object.assign(Object.create(null), { toJSON: 1 })],
  ['an empty string as a name', { '': { '': 1 } }],
]

/** Node 22 does not have it yet. */
function float16Array(items: number[]): unknown {
  const View = Reflect.get(globalThis, 'Float16Array')
  return View === undefined ? [] : new View(items)
}

function withoutItems(array: unknown[], ...positions: number[]): unknown[] {
  for (const position of positions) delete array[position]
  return array
}

function withoutStack(error: Error): Error {
  delete error.stack
  return error
}

function detached<T extends ArrayBufferView<ArrayBuffer>>(view: T): T {
  structuredClone(view.buffer, { transfer: [view.buffer] })
  return view
}

function revoked(): object {
  const { proxy, revoke } = Proxy.revocable({}, {})
  revoke()
  return proxy
}

/** A value whose getter, and whose way of being shown, throw. */
function throwing(): object {
  const fail = () => {
    throw new Error('on purpose')
  }
  return Object.defineProperty({ [inspect.custom]: fail }, 'item', { enumerable: true, get: fail })
}

describe('encodeStructured() keeps what structuredClone keeps', () => {
  test.each(VALUES)('%s', (_, value) => {
    expect(roundTrip(value)).toStrictEqual(structuredClone(value))
  })

  test('identities within a value', () => {
    const [one, two, map] = roundTrip([shared, shared, new Map([[shared, -0]])]) as [
      object,
      object,
      Map<object, number>,
    ]
    expect(one).toBe(two)
    expect([...map.keys()][0]).toBe(one)
  })

  test('the constructors of errors', () => {
    const errors = [new TypeError('t'), new URIError('u'), new RangeError('m')]
    for (const error of errors) {
      const back = roundTrip(error) as Error
      const cloned = structuredClone(error)
      expect([back.constructor, back.name, back.stack]).toEqual([
        cloned.constructor,
        cloned.name,
        cloned.stack,
      ])
      expect(Object.keys(back)).toEqual([])
    }
  })

  test('any value at all', () => {
    const anything = fc.anything({
      withBigInt: true,
      withBoxedValues: true,
      withDate: true,
      withMap: true,
      withSet: true,
      withNullPrototype: true,
      withObjectString: true,
      withSparseArray: true,
      withTypedArray: true,
      withUnicodeString: true,
      maxDepth: 4,
    })
    fc.assert(
      fc.property(anything, (value) => {
        expect(roundTrip(value)).toStrictEqual(structuredClone(value))
      }),
      { numRuns: 2_000 },
    )
  })

  test('nesting to 500 levels, and no deeper', () => {
    const nested = (depth: number, inner: unknown) => {
      let value = inner
      for (let i = 0; i < depth; i++) value = [value]
      return value
    }
    expect(roundTrip(nested(500, 1))).toStrictEqual(nested(500, 1))
    expect(roundTrip(nested(500, -0))).toStrictEqual(nested(500, -0))
    for (const inner of [1, -0]) {
      expect(() => encodeStructured(nested(501, [inner]))).toThrow(
        expect.objectContaining({ code: 'ERR_DISKCACHE_UNSUPPORTED_VALUE' }),
      )
    }
  })
})

describe('encodeStructured() refuses what cannot be kept, and says where it is', () => {
  const parent: Record<string, unknown> = { child: {} }
  parent.loop = parent
  parent.child = { parent, callback() {} }

  test.each([
    ['value', () => {}],
    ['value', Symbol('s')],
    ['value.items[3].callback', { items: [1, 2, 3, { callback: () => {} }] }],
    ['value["a b"]', { 'a b': Symbol('s') }],
    ["value.get('k')", new Map([['k', new WeakMap()]])],
    ['value.promise', { promise: Promise.resolve() }],
    ['value.url', { url: new URL('http://localhost/') }],
    ['value.proxy', { proxy: new Proxy({}, {}) }],
    ['value.iterator', { iterator: [1].values() }],
    ['value.child.callback', parent],
    ['value[1]', [-0, new Blob(['cloned, but not kept'])]],
    ['value.shared', { shared: new SharedArrayBuffer(8) }],
    ['value.bytes', { bytes: detached(new Uint8Array(8)) }],
    ['value[0]', [detached(new Float64Array(8)).buffer]],
    ['value[0].revoked', [{ revoked: revoked() }, -0]],
    ['value.list', { list: new BlockList() }],
    ['value[1]', [1, new SocketAddress({})]],
    ["value.get('h')", new Map([['h', createHistogram()]])],
    ['value member AbortController', new Set([new AbortController()])],
    ['value.cause', new Error('failed', { cause: new AbortController().signal })],
    ['value', throwing()],
  ])('%s', (path, value) => {
    let error: unknown
    try {
      encodeStructured(value)
    } catch (thrown) {
      error = thrown
    }
    expect(error).toMatchObject({ code: 'ERR_DISKCACHE_UNSUPPORTED_VALUE' })
    expect((error as Error).message).toContain(`Cannot store ${path.replaceAll('"', "'")}`)
  })
})

describe('decodeStructured() throws ERR_DISKCACHE_CORRUPT', () => {
  const damaged = expect.objectContaining({ code: 'ERR_DISKCACHE_CORRUPT' })

  test('for bytes that are left over, missing, or none', () => {
    const bytes = encodeStructured({ a: [1, 2, 3] })
    expect(() => decodeStructured(Buffer.concat([bytes, Buffer.of(1)]))).toThrow(damaged)
    expect(() => decodeStructured(bytes.subarray(0, -1))).toThrow(damaged)
    expect(() => decodeStructured(Buffer.alloc(0))).toThrow(damaged)
    expect(() => decodeStructured(Buffer.of(0xc1))).toThrow(damaged)
  })

  test('or gives some value, for any damage, and never anything else', () => {
    const originals = VALUES.map(([, value]) => encodeStructured(value))
    const damage = fc.tuple(fc.constantFrom(...originals), fc.nat(), fc.nat({ max: 255 }))
    fc.assert(
      fc.property(damage, ([bytes, position, byte]) => {
        const copy = Buffer.from(bytes)
        copy[position % copy.length] = byte
        try {
          decodeStructured(copy)
        } catch (error) {
          // Damage may make an instance of something; in a directory the checksum tells that before.
          const code = expect.stringMatching(/^ERR_DISKCACHE_(CORRUPT|FORMAT)$/)
          expect(error).toMatchObject({ code })
        }
      }),
      { numRuns: 3_000 },
    )
  })
})

describe('decodeStructured()', () => {
  /** An error as msgpackr writes it: its name, its message and its cause. */
  const packedError = (name: string) =>
    Buffer.concat([
      Buffer.from('d46500', 'hex'),
      Buffer.of(0x93),
      packedText(name),
      packedText('text'),
      Buffer.of(0xc0),
    ])
  const packedText = (text: string) => Buffer.concat([Buffer.of(0xa0 + text.length), Buffer.from(text)])

  test.for([
    ...Object.getOwnPropertyNames(Object.prototype),
    'Error',
    'TypeError',
    'AggregateError',
    'other',
  ])('makes an error, and nothing else, of one with the name %s', (name) => {
    const error = decodeStructured(packedError(name)) as Error
    expect([error instanceof Error, error.name, error.message]).toEqual([true, name, 'text'])
    expect(error.constructor).toBe(name === 'TypeError' ? TypeError : Error)
  })

  test('takes an error that is a number for damage', () => {
    expect(() => decodeStructured(Buffer.from('d4650001', 'hex'))).toThrow(
      expect.objectContaining({ code: 'ERR_DISKCACHE_CORRUPT' }),
    )
  })

  test('gives bigints back, up to 2^23 bits, and takes longer ones for damage', () => {
    const most = 2n ** (2n ** 23n) - 1n
    for (const value of [
      2n ** 64n,
      -(2n ** 64n),
      2n ** 71n,
      -(2n ** 71n),
      2n ** 400n + 7n,
      -(2n ** 399n),
      most,
      -most,
    ])
      expect(decodeStructured(encodeStructured([value]))).toEqual([value])
    for (const value of [[most + 1n], { a: [-most - 1n] }, new Map([[-0, most + 1n]])])
      expect(() => encodeStructured(value)).toThrow(
        expect.objectContaining({ code: 'ERR_DISKCACHE_UNSUPPORTED_VALUE' }),
      )
    const long = Buffer.alloc(64_000_000, 1)
    Buffer.from('c903d08ffa42', 'hex').copy(long)
    expect(() => decodeStructured(long)).toThrow(expect.objectContaining({ code: 'ERR_DISKCACHE_CORRUPT' }))
  })
})
