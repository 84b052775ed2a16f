import { BlockList } from 'node:net'
import vm from 'node:vm'
import { describe, expect, test } from 'vitest'
import { Disk } from './disk.ts'
import { JSONDisk } from './json-disk.ts'
import { type ClassesOption, ClassRegistry, checkClasses, type StoredClasses } from './stored-classes.ts'
import { decodeStructured, encodeStructured } from './structured-value.ts'

class Point {
  x = 1
  #hidden = 2
  get sum() {
    return this.x + this.#hidden
  }
}

class SubMap extends Map<unknown, unknown> {}

class HttpError extends Error {
  status = 404
}

/** What loses its class in `structuredClone`, with the name that the error gives it. */
const INSTANCES: [string, object][] = [
  ['Point', new Point()],
  ['SubMap', new SubMap([['k', 1]])],
  ['SubSet', new (class SubSet extends Set {})()],
  ['SubDate', new (class SubDate extends Date {})(0)],
  ['List', new (class List extends Array {})(1)],
  ['Text', new (class Text extends String {})('a')],
  ['Pattern', new (class Pattern extends RegExp {})('a')],
  ['Vector', new (class Vector extends Float32Array {})(2)],
  ['HttpError', new HttpError('m')],
  ['AggregateError', new AggregateError([1], 'many')],
  ['an object with a prototype of its own', Object.assign(Object.create({ inherited: true }), { own: 1 })],
  ['BlockList', new BlockList()],
  ['URL', new URL('http://localhost/')],
  ['Row', vm.runInNewContext('new (class Row { id = 1 })()')],
]

function roundTrip(value: unknown, option?: ClassesOption): unknown {
  const classes = new ClassRegistry(option)
  return decodeStructured(encodeStructured(value, classes), classes)
}

describe('Without the option classes, an instance is refused', () => {
  test.each(INSTANCES)('%s', (name, instance) => {
    const refusal = (path: string) =>
      expect.objectContaining({
        code: 'ERR_DISKCACHE_UNSUPPORTED_VALUE',
        message: expect.stringMatching(`^Cannot store ${path}: (an instance of )?${name} .*classes: 'plain'`),
      })
    expect(() => encodeStructured(instance)).toThrow(refusal('value'))
    expect(() => encodeStructured({ list: [1, instance] })).toThrow(refusal('value.list\\[1\\]'))
    expect(() => encodeStructured(new Error('e', { cause: instance }))).toThrow(refusal('value.cause'))
  })

  test('but not what only lacks a prototype, or has one of another realm', () => {
    const dictionary = Object.assign(Object.create(null), { a: -0 })
    const source =
      '({ a: -0, list: [{}], map: new Map(), date: new Date(0), bytes: new Uint8Array(1), e: new URIError("e") })'
    for (const value of [dictionary, vm.runInNewContext(source)])
      expect(roundTrip(value)).toStrictEqual(structuredClone(value))
  })

  test('but not bytes of any class', () => {
    const disk = new Disk()
    const { mode, data } = disk.encodeValue(new (class Bytes extends Uint8Array {})([1, 2]))
    expect(disk.decodeValue(mode, data)).toEqual(Buffer.of(1, 2))
  })

  test('and not with JSONDisk, which keeps what JSON keeps', () => {
    const { mode, data } = new JSONDisk().encodeValue({ point: new Point(), date: new Date(0) })
    expect(new JSONDisk().decodeValue(mode, data)).toEqual({
      point: { x: 1 },
      date: '1970-01-01T00:00:00.000Z',
    })
    expect(() => new JSONDisk({ classes: {} })).toThrow(/JSON keeps none/)
  })
})

describe("With classes: 'plain'", () => {
  test.each(INSTANCES.filter(([name]) => name !== 'BlockList' && name !== 'URL'))(
    '%s is kept as by structuredClone',
    (_, instance) => {
      expect(roundTrip([instance], 'plain')).toStrictEqual(structuredClone([instance]))
    },
  )

  test('what has only hidden state is refused', () => {
    const unsupported = expect.objectContaining({ code: 'ERR_DISKCACHE_UNSUPPORTED_VALUE' })
    expect(() => roundTrip([new BlockList()], 'plain')).toThrow(unsupported)
  })
})

class Money {
  readonly #cents: bigint
  constructor(cents: bigint) {
    this.#cents = cents
  }
  get cents() {
    return this.#cents
  }
}

class Order {
  readonly lines: Map<unknown, unknown>
  readonly onChange = () => {}
  constructor(lines: Map<unknown, unknown>) {
    this.lines = lines
  }
}

class Loop {
  other: unknown
}

const CLASSES: StoredClasses = {
  money: { type: Money, write: (money: Money) => money.cents, read: (cents: bigint) => new Money(cents) },
  Order: {
    type: Order,
    write: ({ lines }: Order) => lines,
    read: (lines: Order['lines']) => new Order(lines),
  },
  Loop: {
    type: Loop,
    write: ({ other }: Loop) => ({ other }),
    read: (data: object) => Object.assign(new Loop(), data),
  },
  SubMap: {
    type: SubMap,
    write: (map: SubMap) => [...map],
    read: (list: [unknown, unknown][]) => new SubMap(list),
  },
  list: { type: BlockList, write: ({ rules }: BlockList) => rules, read: blockList },
}

function blockList(rules: string[]): BlockList {
  const list = new BlockList()
  for (const rule of rules) list.addAddress(rule.replace('Address: IPv4 ', ''))
  return list
}

describe('With an object of classes', () => {
  test('instances come back as such, wherever they are', () => {
    const price = new Money(5n)
    const order = new Order(
      new Map<unknown, unknown>([
        ['a', price],
        [price, [-0, price]],
      ]),
    )
    const list = new BlockList()
    list.addAddress('127.0.0.1')
    const value = {
      order,
      list: Object.assign([], { 0: price, 2: new Set([price]) }),
      maps: new SubMap([[order, list]]),
    }
    const back = roundTrip(value, CLASSES) as typeof value
    const first = back.list[0]
    expect([back.order.constructor, first.constructor, first.cents]).toEqual([Order, Money, 5n])
    expect([...back.order.lines]).toStrictEqual([
      ['a', first],
      [first, [-0, first]],
    ])
    expect([...back.order.lines.keys()][1]).toBe(first)
    expect([Object.keys(back.list), [...back.list[2]][0]]).toEqual([['0', '2'], first])
    expect([...back.maps.keys()][0]).toBe(back.order)
    expect([...back.maps.values()][0]).toMatchObject({ rules: list.rules })
    expect((roundTrip(price, CLASSES) as Money).cents).toBe(5n)
  })

  test('also in the causes of errors, which keep what they are', () => {
    const cause = new RangeError('inner', { cause: [new Money(2n)] })
    const error = new TypeError('outer', { cause })
    const bare = new Error('bare', { cause: error })
    Reflect.deleteProperty(bare, 'stack')
    const back = roundTrip([bare, error], CLASSES) as [Error, Error]
    expect(back[0].cause).toBe(back[1])
    expect([back[0].message, back[0].stack]).toEqual([
      'bare',
      structuredClone(Object.assign(bare, { cause: 1 })).stack,
    ])
    expect([back[1].constructor, back[1].message, back[1].stack]).toEqual([TypeError, 'outer', error.stack])
    const inner = back[1].cause as Error & { cause: [Money] }
    expect([inner.constructor, inner.cause[0].cents]).toEqual([RangeError, 2n])
    const circular = new Error('c')
    circular.cause = { circular }
    const again = roundTrip(circular, CLASSES) as { cause: { circular: unknown } }
    expect(again.cause.circular).toBe(again)
  })

  test.each([undefined, CLASSES])('an error has no other properties, whatever they are', (classes) => {
    const link = new URL('http://localhost/')
    const error = Object.assign(new Error('e', { cause: -0 }), { link, code: 'E', name: 'EvalError' })
    const back = roundTrip(error, classes) as Error
    expect([back.constructor, back.message, back.cause]).toEqual([EvalError, 'e', -0])
    expect(Object.keys(back)).toEqual([])
  })

  test('a class may have a private constructor', () => {
    class Single {
      static readonly one = new Single()
      private constructor() {}
    }
    const single = { type: Single, write: () => null, read: () => Single.one }
    expect(roundTrip([Single.one], { single })).toEqual([Single.one])
  })

  test('a value around an instance may have cycles of its own', () => {
    const around: Record<string, unknown> = { zero: -0 }
    around.self = [around, new Loop()]
    const back = roundTrip(around, CLASSES) as { self: unknown[] }
    expect(back.self[0]).toBe(back)
    expect(back.self[1]).toBeInstanceOf(Loop)
    const inside = new Loop()
    inside.other = around
    expect((roundTrip(inside, CLASSES) as { other: { self: unknown[] } }).other.self[0]).toHaveProperty(
      'self',
    )
  })
})

describe('With an object of classes, errors tell', () => {
  test('data that lead back to the instance, or around it, are refused', () => {
    const loop = new Loop()
    loop.other = [loop]
    const around: unknown[] = [new Loop()]
    ;(around[0] as Loop).other = { around }
    for (const value of [loop, around])
      expect(() => roundTrip(value, CLASSES)).toThrow(/Cannot store value.*leads back to it/)
  })

  test('subclasses, other classes and deep nesting are refused as ever', () => {
    let deep: unknown = 1
    for (let i = 0; i < 600; i++) deep = Object.assign(new Loop(), { other: deep })
    for (const value of [new (class extends Money {})(1n), [new Money(1n), new Point()], deep])
      expect(() => roundTrip(value, CLASSES)).toThrow(
        expect.objectContaining({ code: 'ERR_DISKCACHE_UNSUPPORTED_VALUE' }),
      )
  })

  test('what is refused is named by its path, beside instances and in what their write gave', () => {
    const link = new URL('http://localhost/')
    const looped = Object.assign(new Loop(), { other: { kids: [1, null] as unknown[] } })
    looped.other.kids[1] = looped
    for (const [value, path] of [
      [{ deep: { list: [1, link] } }, 'value.deep.list[1]:'],
      [[new Money(1n), { 'a b': () => {} }], "value[1]['a b']:"],
      [[Object.assign(new Loop(), { other: [link] })], "value[0] as 'Loop'.other[0]:"],
      [[Object.assign(new Loop(), { other: { f() {} } })], "value[0] as 'Loop'.other.f:"],
      [new Map([['k', [new Order(new Map([['l', link]]))]]]), "value.get('k')[0] as 'Order'.get('l'):"],
      [{ looped }, "value.looped as 'Loop'.other.kids[1]:"],
    ] as const)
      expect(() => roundTrip(value, CLASSES)).toThrow(
        expect.objectContaining({ message: expect.stringContaining(`Cannot store ${path}`) }),
      )
  })

  test('what a class gives or makes may fail', () => {
    const fail = () => {
      throw new Error('no')
    }
    const bytes = encodeStructured([new Money(1n)], new ClassRegistry(CLASSES))
    const failing = { money: { type: Money, write: fail, read: fail } }
    expect(() => encodeStructured([new Money(1n)], new ClassRegistry(failing))).toThrow(
      expect.objectContaining({
        code: 'ERR_DISKCACHE_UNSUPPORTED_VALUE',
        message: "Cannot store value[0]: the write of its class 'money' failed",
        cause: new Error('no'),
      }),
    )
    // @ts-expect-error: a read must not be asynchronous
    const late: StoredClasses = { money: { ...failing.money, read: async () => Promise.reject('late') } }
    const number = { money: { ...failing.money, read: () => 5 as never } }
    for (const [option, state] of [
      [failing, 'its read failed'],
      [late, 'its read gave Promise'],
      [number, 'its read gave 5'],
      [{}, 'does not name it'],
    ] as const)
      expect(() => decodeStructured(bytes, new ClassRegistry(option))).toThrow(
        expect.objectContaining({ code: 'ERR_DISKCACHE_FORMAT', message: expect.stringContaining(state) }),
      )
  })
})

test.each([
  ['null', null],
  ['a map', new Map([['a', { type: Point, write() {}, read() {} }]])],
  ['a list', [{ type: Point, write() {}, read() {} }]],
  ['an empty list', []],
  [
    'one class twice',
    { a: { type: Point, write() {}, read() {} }, b: { type: Point, write() {}, read() {} } },
  ],
  ['another word', 'copy'],
  ['no class', { a: { write() {}, read() {} } }],
  ['no write', { a: { type: Point, read() {} } }],
  ['a class of the language', { a: { type: Map, write() {}, read() {} } }],
  ['bytes', { a: { type: class extends Uint8Array {}, write() {}, read() {} } }],
  ['no name', { '': { type: Point, write() {}, read() {} } }],
])('checkClasses() refuses %s', (_, option) => {
  expect(() => checkClasses(option)).toThrow(TypeError)
})
