import { join } from 'node:path'
import { Cache, ForeignKey } from '@diskcache/cache'
import { Deque, Index } from '@diskcache/collections'
import { FanoutCache } from '@diskcache/fanout'
import { expect } from 'vitest'
import { isDamage, laterClock } from '../../cache/tests/processes/soundness.ts'
import type { PythonConsole } from '../../fanout/tests/python/console.ts'
import { pythonSuite, pythonTest, requirePython } from '../../fanout/tests/python/python-test.ts'

const test = pythonTest(async (directory, python) => {
  expect(await python.evaluate('Cache(directory).check()')).toEqual([])
  using later = new Cache(directory, { clock: laterClock })
  expect(later.check().filter(isDamage)).toEqual([])
})

requirePython()

/** Opens the deque in Python under the name `deque`. */
async function openDeque(python: PythonConsole, items = '[]'): Promise<void> {
  await python.run(`deque = Deque(${items}, directory=directory)`)
}

async function openIndex(python: PythonConsole): Promise<void> {
  await python.run('index = Index(directory)')
}

async function expectItems(deque: Deque, python: PythonConsole, items: readonly unknown[]): Promise<void> {
  expect([...deque]).toEqual(items)
  expect([...deque.reversed()]).toEqual(items.toReversed())
  expect(deque.length).toBe(items.length)
  expect(await python.evaluate('list(deque)')).toEqual(items)
  expect(await python.evaluate('len(deque)')).toBe(items.length)
}

pythonSuite('Deque', () => {
  test('sees items that Python appends at both ends, and the reverse', async ({ directory, python }) => {
    await openDeque(python)
    using deque = new Deque(directory)
    const large = 'ü'.repeat(40_000)
    deque.append('b')
    await python.run(`deque.append('c')`, `deque.appendleft(b'a')`)
    deque.extend([0.5, large])
    deque.appendLeft(7)
    await expectItems(deque, python, [7, Buffer.from('a'), 'b', 'c', 0.5, large])
    expect(deque.popLeft()).toBe(7)
    expect(await python.evaluate('deque.popleft()')).toEqual(Buffer.from('a'))
    expect(await python.evaluate('deque.pop()')).toBe(large)
    expect(deque.pop()).toBe(0.5)
    await expectItems(deque, python, ['b', 'c'])
  })

  test('rotate() moves items of Python, and Python those of Node', async ({ directory, python }) => {
    await openDeque(python, 'range(6)')
    using deque = new Deque<unknown>(directory)
    deque.rotate(2)
    await expectItems(deque, python, [4, 5, 0, 1, 2, 3])
    await python.run('deque.rotate(-1)')
    await expectItems(deque, python, [5, 0, 1, 2, 3, 4])
    deque.rotate(-4)
    await python.run('deque.rotate(3)')
    await expectItems(deque, python, [0, 1, 2, 3, 4, 5])
  })

  test('reverse() turns items of Python round, and Python those of Node', async ({ directory, python }) => {
    await openDeque(python, `['a', 2, b'c', 4.5]`)
    using deque = new Deque<unknown>(directory)
    deque.reverse()
    await expectItems(deque, python, [4.5, Buffer.from('c'), 2, 'a'])
    await python.run('deque.reverse()', `deque.append('last')`)
    deque.appendLeft('first')
    await expectItems(deque, python, ['first', 'a', 2, Buffer.from('c'), 4.5, 'last'])
  })

  test('insert() and delete() get along with gaps that Python leaves, and the reverse', async ({
    directory,
    python,
  }) => {
    await openDeque(python, 'range(8)')
    using deque = new Deque<unknown>(directory)
    await python.run('del deque[2]', 'del deque[2]', 'del deque[-2]')
    await expectItems(deque, python, [0, 1, 4, 5, 7])
    for (const position of [1, 3, 5, -1]) deque.insert(position, `at ${position}`)
    const items = [0, 'at 1', 1, 'at 3', 4, 'at 5', 5, 'at -1', 7]
    await expectItems(deque, python, items)
    expect(await python.evaluate('[deque[i] for i in range(-len(deque), len(deque))]')).toEqual([
      ...items,
      ...items,
    ])
    expect(items.map((_, i) => deque.at(i))).toEqual(items)
    expect(items.map((_, i) => deque.at(-1 - i))).toEqual(items.toReversed())
    expect(deque.delete(4)).toBe(true)
    await python.run(`deque[4] = 'set'`, 'del deque[0]')
    deque.set(-1, 'last')
    await expectItems(deque, python, ['at 1', 1, 'at 3', 'set', 5, 'at -1', 'last'])
  })
})

pythonSuite('Deque, shared by workers', () => {
  test('maxLength counts what Python appends', async ({ directory, python }) => {
    await openDeque(python, 'range(6)')
    using deque = new Deque<unknown>(directory, { maxLength: 4 })
    await expectItems(deque, python, [2, 3, 4, 5])
    // Python 5.4 knows no limit, and 5.6 only its own.
    await python.run('deque.extend([6, 7, 8])')
    deque.append(9)
    await expectItems(deque, python, [6, 7, 8, 9])
    deque.appendLeft(5)
    await expectItems(deque, python, [5, 6, 7, 8])
  })

  test('takes each item once beside Python, in order', async ({ directory, python }) => {
    const count = 300
    await openDeque(python)
    using deque = new Deque<string>(directory)
    const pushed = python.evaluate(`[deque.append('python %d' % i) for i in range(${count})]`)
    for (let i = 0; i < count; i++) deque.append(`node ${i}`)
    await pushed
    const half = python.evaluate(`[deque.popleft() for i in range(${count})]`)
    const taken: string[] = []
    const take = () => deque.promises.takeLeft({ timeout: 2_000 }) as Promise<string>
    while (taken.length < count) taken.push(await take())
    const byPython = (await half) as string[]
    const all = Array.from({ length: count }, (_, i) => [`node ${i}`, `python ${i}`]).flat()
    expect([...taken, ...byPython].sort()).toEqual(all.sort())
    for (const items of [taken, byPython]) {
      for (const producer of ['node', 'python']) expectAscending(items, producer)
    }
    expect(deque.length).toBe(0)
  })

  test('takeLeft() wakes up for an item of Python', async ({ directory, python }) => {
    await openDeque(python)
    using deque = new Deque(directory)
    const taken = deque.promises.takeLeft({ timeout: 20_000 })
    await python.run(`deque.append('item')`)
    expect(await taken).toBe('item')
  })
})

pythonSuite('Deque, with what Python made', () => {
  test('moves what Python pickled without decoding it, and refuses to give it', async ({
    directory,
    python,
  }) => {
    await openDeque(python, `['a', [1], 'b', None, ('large', 'x' * 50000)]`)
    using deque = new Deque<unknown>(directory)
    const large = ['large', 'x'.repeat(50_000)]
    const items = async () => (await python.evaluate('list(deque)')) as unknown[]
    deque.rotate(1)
    expect(await items()).toEqual([large, 'a', [1], 'b', null])
    deque.reverse()
    expect(await items()).toEqual([null, 'b', [1], 'a', large])
    deque.insert(2, 'c')
    deque.insert(-1, 'd')
    expect(await items()).toEqual([null, 'b', 'c', [1], 'a', 'd', large])
    deque.rotate(-1)
    deque.reverse()
    expect(await items()).toEqual([null, large, 'd', 'a', [1], 'c', 'b'])

    const foreign = expect.objectContaining({ code: 'ERR_DISKCACHE_FOREIGN_VALUE' })
    expect(() => deque.popLeft()).toThrow(foreign)
    expect(() => deque.peekLeft()).toThrow(foreign)
    expect(() => deque.at(1)).toThrow(foreign)
    expect(() => [...deque]).toThrow(foreign)
    await expect(deque.promises.popLeft()).rejects.toEqual(foreign)
    await expect(deque.promises.takeLeft()).rejects.toEqual(foreign)
    expect(deque.pop()).toBe('b')
    expect(deque.length).toBe(6)
    expect(await python.evaluate('[deque.popleft(), deque.popleft()]')).toEqual([null, large])
    expect(deque.popLeft()).toBe('d')
    expect(deque.delete(1)).toBe(true)
    expect(await items()).toEqual(['a', 'c'])
  })

  test('in() is the deque that Python has by this name', async ({ directory, python }) => {
    await python.run(
      `fanout = FanoutCache(directory + '/fanout', shards=2)`,
      `deque = fanout.deque('jobs/new')`,
      `deque.append('by Python')`,
    )
    using fanout = new FanoutCache(join(directory, 'fanout'))
    using deque = Deque.in(fanout, 'jobs/new')
    deque.append('by Node')
    await expectItems(deque, python, ['by Python', 'by Node'])
    // The look at the directory after the test would take it for a part of this one.
    await python.run(`__import__('shutil').rmtree(directory + '/fanout')`)
  })
})

function expectAscending(items: readonly string[], producer: string): void {
  const numbers = items.filter((item) => item.startsWith(producer)).map((item) => Number(item.split(' ')[1]))
  expect(numbers).toEqual(numbers.toSorted((a, b) => a - b))
}

pythonSuite('Index', () => {
  test('keeps the order of insertion that Python sees, through updates and removals on both sides', async ({
    directory,
    python,
  }) => {
    await openIndex(python)
    using index = new Index(directory)
    index.set('a', 1)
    await python.run(`index['b'] = 2`, `index[3] = 'c'`, `index[b'd'] = 0.5`)
    index.set('e', 'x'.repeat(40_000)).set('b', 'updated')
    await python.run(`index['a'] = 'updated'`, `del index[3]`)
    index.set(3, 'again')
    const entries = [
      ['a', 'updated'],
      ['b', 'updated'],
      [Buffer.from('d'), 0.5],
      ['e', 'x'.repeat(40_000)],
      [3, 'again'],
    ]
    expect([...index]).toEqual(entries)
    expect(await python.evaluate('list(index.items())')).toEqual(entries)
    expect(await python.evaluate('list(reversed(index))')).toEqual(entries.map(([key]) => key).reverse())
  })

  test('popItem() takes from both ends what Python inserted, and the reverse', async ({
    directory,
    python,
  }) => {
    await openIndex(python)
    using index = new Index<string, unknown>(directory)
    await python.run(`index.update([('a', 1), ('b', 2), ('c', 3)])`)
    index.update([
      ['d', 4],
      ['a', 'kept in its place'],
    ])
    expect(index.popItem({ last: false })).toEqual(['a', 'kept in its place'])
    expect(await python.evaluate('index.popitem()')).toEqual(['d', 4])
    expect(await python.evaluate('index.peekitem(last=False)')).toEqual(['b', 2])
    expect(await index.promises.popItem()).toEqual(['c', 3])
    expect(await python.evaluate(`index.pop('b')`)).toBe(2)
    expect(index.popItem()).toBe(undefined)
  })
})

pythonSuite('Index, shared by workers', () => {
  test('push() and pull() share queues with Python', async ({ directory, python }) => {
    await openIndex(python)
    using index = new Index(directory)
    const first = index.push('a', { prefix: 'jobs' })
    expect(await python.evaluate(`index.push('b', prefix='jobs')`)).toBe('jobs-500000000000001')
    await python.run(`index.push('front', prefix='jobs', side='front')`, `index.push('other')`)
    expect(index.pull({ prefix: 'jobs' })).toEqual(['jobs-499999999999999', 'front'])
    expect(await python.evaluate(`index.pull(prefix='jobs')`)).toEqual([first, 'a'])
    expect(index.pull({ prefix: 'jobs', side: 'back' })?.[1]).toBe('b')
    expect(index.pull()).toEqual([500_000_000_000_000, 'other'])
    expect(await python.evaluate(`index.pull(prefix='jobs')`)).toEqual([null, null])
  })

  test('setDefault() keeps what Python set, and the reverse', async ({ directory, python }) => {
    await openIndex(python)
    using index = new Index<string, unknown>(directory)
    await python.run(`index.setdefault('a', 1)`)
    expect(index.setDefault('a', () => expect.unreachable())).toBe(1)
    expect(index.setDefault('b', () => 2)).toBe(2)
    expect(await python.evaluate(`index.setdefault('b', 3)`)).toBe(2)
  })

  test('leaves what Python pickled in its place', async ({ directory, python }) => {
    await openIndex(python)
    using index = new Index(directory)
    await python.run(`index['list'] = [1]`, `index[(1, 2)] = 'tuple'`, `index['dict'] = {'a': 1}`)
    const foreign = expect.objectContaining({ code: 'ERR_DISKCACHE_FOREIGN_VALUE' })
    expect(() => index.get('list')).toThrow(foreign)
    expect(() => index.pop('list')).toThrow(foreign)
    expect(() => index.popItem()).toThrow(foreign)
    expect(() => index.setDefault('dict', () => 1)).toThrow(foreign)
    await expect(index.promises.popItem()).rejects.toEqual(foreign)
    const [list, tuple, dict] = index.keys()
    expect([list, dict]).toEqual(['list', 'dict'])
    expect(tuple).toBeInstanceOf(ForeignKey)
    expect(index.size).toBe(3)
    expect(await python.evaluate(`[index['list'], index[(1, 2)], list(index['dict'])]`)).toEqual([
      [1],
      'tuple',
      ['a'],
    ])
    index.set('list', 'replaced')
    expect(await python.evaluate('[index.peekitem(last=False), len(index)]')).toEqual([
      ['list', 'replaced'],
      3,
    ])
  })

  test('loses no increment beside Python', async ({ directory, python }) => {
    await openIndex(python)
    using index = new Index<string, number>(directory, { entries: [['count', 0]] })
    await python.run('def add():', '  with index.transact():', `    index['count'] += 1`)
    const added = python.evaluate('[add() for i in range(300)]')
    const add = (index: Index<string, number>) => index.set('count', (index.get('count') ?? 0) + 1)
    for (let i = 0; i < 300; i++) {
      if (i % 2 === 0) index.transact(() => add(index))
      else await index.promises.transact(add)
    }
    await added
    expect(index.get('count')).toBe(600)
  })

  test('in() is the index that Python has by this name', async ({ directory, python }) => {
    await python.run(
      `fanout = FanoutCache(directory + '/fanout', shards=2)`,
      `index = fanout.index('pages/en')`,
      `index['by'] = 'Python'`,
    )
    using fanout = new FanoutCache(join(directory, 'fanout'))
    using index = Index.in(fanout, 'pages/en')
    index.set('and', 'Node')
    expect(await python.evaluate('list(index.items())')).toEqual([
      ['by', 'Python'],
      ['and', 'Node'],
    ])
    await python.run(`__import__('shutil').rmtree(directory + '/fanout')`)
  })
})
