import { setTimeout as delay } from 'node:timers/promises'
import { Cache } from '@diskcache/cache'
import type { AsyncStore, Key } from '@diskcache/core'
import {
  BadRequestException,
  Get,
  HttpCode,
  type INestApplication,
  Logger,
  NotFoundException,
  Param,
  Scope,
  SetMetadata,
} from '@nestjs/common'
import { ModuleRef, REQUEST, Reflector } from '@nestjs/core'
import { expect, vi } from 'vitest'
import { Cached, DiskCacheModule, EvictTag, getStoreToken } from '../../src/nest/index.ts'
import { test } from './application.ts'
import { controller, decorate, decorateParameter, injectable, moduleOf } from './decorate.ts'
import { failingStore } from './failing-store.ts'

/** A class with a method that tells how often it ran. */
function counting(decorator: ReturnType<typeof Cached<never[]>>) {
  class Counting {
    calls = 0
    async count(..._args: unknown[]): Promise<unknown> {
      return ++this.calls
    }
  }
  decorate(Counting.prototype, 'count', decorator)
  injectable(Counting)
  return Counting
}

test('Cached runs a method once for the same arguments, in every process', async ({ applications }) => {
  const Counting = counting(Cached({ ttl: 60_000 }))
  const [first, second] = [
    (await applications.start({ providers: [Counting] })).get(Counting),
    (await applications.start({ providers: [Counting] })).get(Counting),
  ]
  expect(await first.count(1, { page: 2 })).toBe(1)
  expect(await first.count(1, { page: 2 }, undefined)).toBe(1)
  expect(await second.count(1, { page: 2 })).toBe(1)
  expect(await second.count(2, { page: 2 })).toBe(1)
  expect([first.calls, second.calls]).toEqual([1, 1])
})

test('Cached takes the ttl of the module where it has none, and a range of its own', async ({
  applications,
  directory,
}) => {
  const [Plain, Own] = [counting(Cached()), counting(Cached({ name: 'own', ttl: { min: 5e6, max: 6e6 } }))]
  const application = await applications.start({ providers: [Plain, Own] }, { directory, ttl: 600_000 })
  await application.get(Plain).count()
  await application.get(Own).count()
  using cache = new Cache(directory)
  const times = [...cache.keys()].map((key) => Number(cache.getEntry(key)?.expireTime) - Date.now())
  const [plain, own] = times.filter((time) => time > 100_000).sort((a, b) => a - b)
  expect(Math.abs(Number(plain) - 600_000)).toBeLessThan(60_000)
  expect(Number(own)).toBeGreaterThan(4.9e6)
  expect(Number(own)).toBeLessThanOrEqual(6e6)
})

test('Cached runs a method once when two processes call it at the same time', async ({ applications }) => {
  let calls = 0
  class Slow {
    async load(): Promise<number> {
      await delay(50)
      return ++calls
    }
  }
  decorate(Slow.prototype, 'load', Cached())
  injectable(Slow)
  const slow = [
    (await applications.start({ providers: [Slow] })).get(Slow),
    (await applications.start({ providers: [Slow] })).get(Slow),
  ]
  expect(await Promise.all([...slow, ...slow].map((one) => one.load()))).toEqual([1, 1, 1, 1])
})

test('Cached keeps the stores of two applications in one process apart', async ({
  directory,
  applications,
}) => {
  const Counting = counting(Cached())
  const [first, second] = [
    (await applications.start({ providers: [Counting] }, { directory: `${directory}/a` })).get(Counting),
    (await applications.start({ providers: [Counting] }, { directory: `${directory}/b` })).get(Counting),
  ]
  expect([await first.count(), await first.count(), await second.count()]).toEqual([1, 1, 1])
  expect([first.calls, second.calls]).toEqual([1, 1])
})

test('Cached keeps the results of classes apart that inherit a method', async ({ applications }) => {
  abstract class Repository {
    async find(id: number): Promise<string> {
      return `${this.kind} ${id}`
    }
    abstract readonly kind: string
  }
  decorate(Repository.prototype, 'find', Cached())
  class Users extends Repository {
    readonly kind = 'user'
  }
  class Articles extends Repository {
    readonly kind = 'article'
  }
  injectable(Users)
  injectable(Articles)
  const application = await applications.start({ providers: [Users, Articles] })
  expect(await application.get(Users).find(1)).toBe('user 1')
  expect(await application.get(Articles).find(1)).toBe('article 1')
})

test('Cached leaves a method alone that overrides the decorated one, and caches what it calls', async ({
  applications,
}) => {
  const Counting = counting(Cached())
  class Overriding extends Counting {
    override async count(...args: unknown[]): Promise<unknown> {
      return ['overriding', await super.count(...args)]
    }
  }
  injectable(Overriding)
  const overriding = (await applications.start({ providers: [Overriding] })).get(Overriding)
  expect(await overriding.count()).toEqual(['overriding', 1])
  expect(await overriding.count()).toEqual(['overriding', 1])
})

test('Cached takes name and key instead of method and arguments', async ({ applications }) => {
  const key = vi.fn(function (this: object, query: { readonly id: number }): Key {
    return query.id
  })
  const Counting = counting(Cached({ name: 'numbers', key }) as never)
  const application = await applications.start({ providers: [Counting] })
  const object = application.get(Counting)
  expect(await object.count({ id: 7, other: () => {} })).toBe(1)
  expect(await object.count({ id: 7 })).toBe(1)
  expect(key.mock.contexts[0]).toBe(object)
  const store = application.get<AsyncStore>(getStoreToken())
  const keys = await Array.fromAsync(store.keys())
  expect(keys).toContainEqual(['diskcache', 'getOrSet', ['nest', 'numbers', 7]])
})

test('Cached refuses arguments and keys that would not tell calls apart', async ({ applications }) => {
  class Query {
    readonly id = 1
  }
  const Plain = counting(Cached())
  const Undefined = counting(Cached({ name: 'u', key: () => undefined as never }))
  const application = await applications.start({ providers: [Plain, Undefined] })
  await expect(application.get(Plain).count(new Query())).rejects.toThrow(
    /Counting.count\(\): give @Cached the option key/,
  )
  await expect(application.get(Undefined).count(1)).rejects.toThrow(
    /the function key of its @Cached gave undefined/,
  )
})

test('Cached keeps a result under its tag, and as long as ttl says', async ({ applications }) => {
  const Tagged = counting(Cached({ name: 't', tag: (id: number) => `tag ${id}` }) as never)
  const Short = counting(Cached({ name: 's', ttl: 0 }))
  const application = await applications.start({ providers: [Tagged, Short] })
  const store = application.get<AsyncStore>(getStoreToken())
  const [tagged, short] = [application.get(Tagged), application.get(Short)]
  expect([await tagged.count(1), await tagged.count(2)]).toEqual([1, 2])
  await store.evict('tag 1')
  expect([await tagged.count(1), await tagged.count(2)]).toEqual([3, 2])
  expect([await short.count(), await short.count()]).toEqual([1, 2])
})

test('Cached serves a stale result for staleFor while it is computed anew', async ({ applications }) => {
  const Stale = counting(Cached({ ttl: 0, staleFor: 60_000, beta: 0 }))
  const stale = (await applications.start({ providers: [Stale] })).get(Stale)
  expect(await stale.count()).toBe(1)
  expect(await stale.count()).toBe(1)
  await vi.waitFor(async () => expect(await stale.count()).toBeGreaterThan(1))
})

test('Cached uses the store that it names', async ({ directory, applications }) => {
  const Counting = counting(Cached({ store: 'other' }))
  const other = DiskCacheModule.forRoot({ directory: `${directory}/other`, name: 'other' })
  const application = await applications.start({ imports: [other], providers: [Counting] })
  await application.get(Counting).count()
  expect(await application.get<AsyncStore>(getStoreToken('other')).count()).toBeGreaterThan(0)
  expect(await application.get<AsyncStore>(getStoreToken()).count()).toBe(0)
})

test('Cached works for objects that factories made, that were given, and that were made for a request', async ({
  applications,
}) => {
  const Made = counting(Cached({ name: 'made' }))
  const Given = counting(Cached({ name: 'given' }))
  const Transient = counting(Cached({ name: 'transient' }))
  injectable(Transient)
  const Requested = counting(Cached({ name: 'requested', key: () => 'everybody' }))
  const application = await applications.start({
    providers: [
      { provide: Made, useFactory: async () => new Made() },
      { provide: Given, useValue: new Given() },
      { provide: Transient, useClass: Transient, scope: Scope.TRANSIENT },
      { provide: Requested, useClass: Requested, scope: Scope.REQUEST },
    ],
  })
  const objects = [
    application.get(Made),
    application.get(Given),
    await application.resolve(Transient),
    await application.resolve(Requested),
    await application.get(ModuleRef).create(counting(Cached({ name: 'created' }))),
  ]
  for (const object of objects) expect([await object.count(), await object.count()]).toEqual([1, 1])
})

test('Cached wants to know from objects that belong to a request whom their results belong to', async ({
  applications,
}) => {
  class Account {
    readonly request: { readonly user: string }
    constructor(request: { readonly user: string }) {
      this.request = request
    }
    async name(): Promise<string> {
      return this.request.user
    }
  }
  injectable(Account, REQUEST)
  const method = Object.getOwnPropertyDescriptor(Account.prototype, 'name')
  decorate(Account.prototype, 'name', Cached())
  await expect(applications.start({ providers: [Account] })).rejects.toThrow(
    /Cannot cache Account.name\(\): its objects belong to a request.*option key/,
  )
  Object.defineProperty(Account.prototype, 'name', method as PropertyDescriptor)
  const key = function (this: Account) {
    return this.request.user
  }
  decorate(Account.prototype, 'name', Cached({ key }))
  const application = await applications.start({ providers: [Account] })
  for (const user of ['ada', 'grace', 'ada']) expect(await nameFor(application, Account, user)).toBe(user)
})

async function nameFor(
  application: INestApplication,
  type: new (request: { readonly user: string }) => { name(): Promise<string> },
  user: string,
): Promise<string> {
  const context = { id: Math.random() }
  application.get(ModuleRef).registerRequestByContextId({ user }, context)
  return (await application.resolve(type, context)).name()
}

test('Cached works on routes, and leaves them what other decorators said', async ({ applications }) => {
  const marks = vi.fn()
  class Routes {
    calls = 0
    async find(id: string): Promise<object> {
      return { id, calls: ++this.calls }
    }
  }
  decorate(
    Routes.prototype,
    'find',
    SetMetadata('above', 1),
    Get(':id'),
    Cached({ ttl: 60_000 }),
    HttpCode(203),
    SetMetadata('below', 2),
  )
  decorateParameter(Routes.prototype, 'find', 0, Param('id'))
  controller('routes', Routes)
  const application = await applications.start({ controllers: [Routes] })
  await application.listen(0, '127.0.0.1')
  for (const id of ['a', 'a', 'b']) {
    const response = await fetch(`${await application.getUrl()}/routes/${id}`)
    expect(response.status).toBe(203)
    marks(await response.json())
  }
  expect(marks.mock.calls.flat()).toEqual([
    { id: 'a', calls: 1 },
    { id: 'a', calls: 1 },
    { id: 'b', calls: 2 },
  ])
  const reflector = new Reflector()
  expect(reflector.get('above', Routes.prototype.find)).toBe(1)
  expect(reflector.get('below', Routes.prototype.find)).toBe(2)
  expect(Routes.prototype.find.name).toBe('find')
})

test('Cached refuses objects of classes, which a store does not give back', async ({ applications }) => {
  class User {
    readonly name = 'Ada'
    readonly password = 'secret'
  }
  class Users {
    async find(): Promise<unknown> {
      return { users: [new User()] }
    }
    async map(): Promise<unknown> {
      return new Map([[1, new User()]])
    }
  }
  decorate(Users.prototype, 'find', Cached())
  decorate(Users.prototype, 'map', Cached())
  injectable(Users)
  const users = (await applications.start({ providers: [Users] })).get(Users)
  await expect(users.find()).rejects.toThrow(
    /Cannot keep what Users.find\(\) gives: value.users\[0\] is an instance of User, .* option revive/,
  )
  await expect(users.map()).rejects.toThrow('value[1] is an instance of User')
})

test('Cached gives back what structuredClone would', async ({ applications }) => {
  const cyclic: { self?: unknown } & Record<string, unknown> = {
    date: new Date(0),
    map: new Map([[1, new Set(['a'])]]),
    big: 1n,
  }
  cyclic.self = cyclic
  class Values {
    calls = 0
    async get(): Promise<unknown> {
      this.calls++
      return [undefined, null, cyclic, /a/u, new Uint8Array([1]), Object.create(null)]
    }
  }
  decorate(Values.prototype, 'get', Cached())
  injectable(Values)
  const values = (await applications.start({ providers: [Values] })).get(Values)
  const first = await values.get()
  expect(await values.get()).toEqual(first)
  expect(values.calls).toBe(1)
})

test('Cached revives what it kept, for the caller that computed it as for others', async ({
  applications,
}) => {
  class Point {
    readonly x: number
    constructor(x: number) {
      this.x = x
    }
    double() {
      return this.x * 2
    }
  }
  class Points {
    calls = 0
    async get(x: number): Promise<Point> {
      this.calls++
      return new Point(x)
    }
  }
  decorate(Points.prototype, 'get', Cached({ revive: ({ x }: { x: number }) => new Point(x) }))
  injectable(Points)
  const points = (await applications.start({ providers: [Points] })).get(Points)
  for (const _ of [1, 2]) expect((await points.get(4)).double()).toBe(8)
  expect(points.calls).toBe(1)
})

test('Cached keeps no failures, and gives callers in other processes the status of an HttpException', async ({
  applications,
}) => {
  let calls = 0
  class Articles {
    async find(id: number): Promise<never> {
      calls++
      await delay(50)
      if (id === 2) throw new TypeError('not a number')
      throw new NotFoundException({ reason: `no article ${id}` })
    }
  }
  decorate(Articles.prototype, 'find', Cached())
  injectable(Articles)
  const articles = [
    (await applications.start({ providers: [Articles] })).get(Articles),
    (await applications.start({ providers: [Articles] })).get(Articles),
  ]
  const failures = await Promise.all(articles.map((one) => one.find(1).catch((error) => error)))
  expect(calls).toBe(1)
  expect(failures.filter((failure) => failure instanceof NotFoundException)).toHaveLength(1)
  for (const failure of failures) {
    expect(failure.getStatus()).toBe(404)
    expect(failure.getResponse()).toEqual({ reason: 'no article 1' })
  }
  await expect(articles[0]?.find(2)).rejects.toThrow(TypeError)
})

test('Cached keeps what the method returns as that decides, and failures as their errors do', async ({
  applications,
}) => {
  class User {
    readonly id: number
    readonly life: number
    constructor(id: number, life: number) {
      this.id = id
      this.life = life
    }
    get isKnown() {
      return this.id > 0
    }
  }
  class Users {
    readonly least = 1_000
    calls = 0
    async find(id: number, life: number): Promise<User> {
      this.calls++
      if (id === 404) throw new NotFoundException('no user')
      if (id === 500) throw new Error('backend down')
      return new User(id, life)
    }
  }
  const cached = Cached({
    ttl(this: Users, { life }: User) {
      return life < this.least ? 0 : life
    },
    keep: (user: User) => user.isKnown,
    failureTtl: (error) => (error instanceof NotFoundException ? 60_000 : 0),
    revive: ({ id, life }: User) => new User(id, life),
  })
  decorate(Users.prototype, 'find', cached)
  injectable(Users)
  const start = async () => (await applications.start({ providers: [Users] })).get(Users)
  const [one, two] = [await start(), await start()]
  const runs = async (id: number, life: number) => {
    const before = one.calls + two.calls
    const end = (users: Users) => users.find(id, life).catch(({ message }) => message)
    expect(await end(one)).toEqual(await end(two))
    return one.calls + two.calls - before
  }
  expect([await runs(1, 60_000), await runs(1, 10), await runs(0, 60_000)]).toEqual([1, 2, 2])
  expect([await runs(404, 0), await runs(404, 0), await runs(500, 0)]).toEqual([1, 0, 2])
  const failure = await two.find(404, 0).catch((error) => error)
  expect([failure.getStatus(), failure.message]).toEqual([404, 'no user'])
})

test.for<[what: string, response: object, kept: object]>([
  [
    'shortens arrays of',
    {
      message: Array.from({ length: 400 }, (_, i) => `items.${i}.name must be a string, and not empty`),
      error: 'Bad Request',
    },
    {
      message: expect.arrayContaining(['items.99.name must be a string, and not empty']),
      error: 'Bad Request',
    },
  ],
  [
    'shortens texts of',
    { message: 'long', detail: '"'.repeat(1e5) },
    { message: 'long', detail: '"'.repeat(1_000) },
  ],
  [
    'keeps the message of',
    { message: 'wide', ...Object.fromEntries(Array.from({ length: 2_000 }, (_, i) => [`field ${i}`, i])) },
    { message: 'wide', statusCode: 400 },
  ],
  ['keeps the message of', { message: 'no JSON', count: 1n }, { message: 'no JSON', statusCode: 400 }],
])(
  'Cached keeps status 400 and %s a response that is too long, or no JSON',
  async ([, response, kept], { applications }) => {
    class Items {
      calls = 0
      async check(): Promise<never> {
        this.calls++
        throw new BadRequestException(response)
      }
    }
    decorate(Items.prototype, 'check', Cached({ failureTtl: 60_000 }))
    injectable(Items)
    const items = (await applications.start({ providers: [Items] })).get(Items)
    const [first, second] = [await items.check().catch(String), await items.check().catch((error) => error)]
    expect(first).toMatch('BadRequestException')
    expect([items.calls, second.getStatus()]).toEqual([1, 400])
    expect(second.getResponse()).toEqual(kept)
  },
)

test('Cached refuses decisions that are none', () => {
  expect(() => Cached({ ttl: -1 })).toThrow(/ttl.*-1/)
  expect(() => Cached({ keep: true as never })).toThrow(/keep.*function/)
  expect(() => Cached({ failureTtl: Infinity })).toThrow(/failureTtl.*Infinity/)
})

test('Cached runs the method when the store fails, and tells the log, or onError', async ({
  directory,
  applications,
}) => {
  using cache = new Cache(directory)
  const failing = failingStore(cache.promises, ['get', 'update'])
  const onError = vi.fn()
  using warn = vi.spyOn(Logger.prototype, 'warn').mockImplementation(() => {})
  const Logged = counting(Cached({ name: 'logged' }))
  const Told = counting(Cached({ name: 'told', onError }))
  const options = { directory: undefined, store: failing }
  const application = await applications.start({ providers: [Logged, Told] }, options)
  expect(await application.get(Logged).count()).toBe(1)
  expect(warn.mock.calls[0]?.[0]).toBe('Counting.count(), which has @Cached: Error: no disk')
  expect(await application.get(Told).count()).toBe(1)
  const unavailable = {
    code: 'ERR_DISKCACHE_UNAVAILABLE',
    cause: expect.objectContaining({ message: 'no disk' }),
  }
  expect(onError).toHaveBeenCalledWith(expect.objectContaining(unavailable))
  const told = warn.mock.calls.length
  expect(await application.get(Logged).count()).toBe(2)
  expect(warn).toHaveBeenCalledTimes(told)
})

test('Cached tells at the start which store is missing', async ({ applications }) => {
  const Counting = counting(Cached({ store: 'pages' }))
  await expect(applications.start({ providers: [Counting] })).rejects.toThrow(
    /Cannot find the store 'pages' of DiskCacheModule: there is 'default'.*forRoot\(\{ name: 'pages'/,
  )
  await expect(applications.startBare({ providers: [counting(Cached())] })).rejects.toThrow(
    'stores of DiskCacheModule.forRoot() or forRootAsync(), which @Cached',
  )
})

test('Cached tells what an object lacks that Nest has not made', async () => {
  const Counting = counting(Cached())
  await expect(new Counting().count()).rejects.toThrow(
    /Cannot run Counting.count\(\), which has @Cached: its object has no stores; make it a provider/,
  )
})

test('Cached refuses two classes of one name, and two methods of one name', async ({ applications }) => {
  const [First, Second] = [counting(Cached()), counting(Cached())]
  await expect(applications.start({ providers: [First, Second] })).rejects.toThrow(
    /Cannot cache Counting.count\(\): Counting.count\(\), of another class.*'Counting.count'.*option name/,
  )
  class Twice {
    async a(): Promise<void> {}
    async b(): Promise<void> {}
  }
  decorate(Twice.prototype, 'a', Cached({ name: 'one' }))
  decorate(Twice.prototype, 'b', Cached({ name: 'one' }))
  injectable(Twice)
  await expect(applications.start({ providers: [Twice] })).rejects.toThrow(
    "Cannot cache Twice.b(): Twice.a(), keeps its results under the name 'one', too",
  )
  const imports = [1, 2].map(() => moduleOf({ providers: [First] }))
  await expect(applications.start({ imports })).resolves.toBeDefined()
})

test('Cached refuses illegal options, and what is no method', () => {
  expect(() => Cached({ tll: 1 } as never)).toThrow("unknown option 'tll'")
  expect(() => Cached({ ttl: -1 })).toThrow('Cannot use ttl')
  expect(() => Cached({ staleFor: Number.NaN })).toThrow('Cannot use staleFor')
  expect(() => Cached({ computeTimeout: 10_000 })).not.toThrow()
  expect(() => Cached({ beta: -1 })).toThrow('Cannot use beta')
  expect(() => Cached({ staleIfAway: 1 as never })).toThrow('Cannot use staleIfAway')
  expect(() => Cached({ lease: 1 })).toThrow('Cannot use lease')
  expect(() => Cached({ lease: 1_000, computeTimeout: 999 })).toThrow('Cannot use computeTimeout')
  expect(() => Cached({ storeTimeout: 0 })).toThrow('Cannot use storeTimeout')
  expect(() => Cached({ timeout: -1 })).toThrow('Cannot use timeout')
  for (const tag of [null, {}, [true]] as never[]) expect(() => Cached({ tag })).toThrow('Cannot use tag')
  expect(() => Cached({ key: 'id' as never })).toThrow('Cannot use key: expected a function')
  expect(() => Cached({ store: 1 as never })).toThrow('Cannot use store')
  expect(() => Cached({ name: 1 as never })).toThrow('Cannot use name')
  const type = Object.assign(class {}, { count: async () => {} })
  expect(() => decorate(type, 'count', Cached())).toThrow(/method that is not static.*experimentalDecorators/)
})

test('Cached and EvictTag check the types of what they decorate', () => {
  class Typed {
    async find(id: number, _page?: number): Promise<number> {
      return id
    }
    now(): number {
      return 1
    }
  }
  const [find, now] = [descriptorOf<Typed['find']>(), descriptorOf<Typed['now']>()]
  const check = () => {
    Cached({ ttl: 1 })(Typed.prototype, 'find', find)
    Cached({ key: (id: number) => id })(Typed.prototype, 'find', find)
    Cached({ key: (id: number, page?: number) => [id, page] })(Typed.prototype, 'find', find)
    Cached({ tag: () => 'tag' })(Typed.prototype, 'find', find)
    EvictTag((id: number) => `${id}`)(Typed.prototype, 'find', find)
    // @ts-expect-error: the first argument is a number
    Cached({ key: (id: string) => id })(Typed.prototype, 'find', find)
    // @ts-expect-error: it gives no promise
    Cached()(Typed.prototype, 'now', now)
    // @ts-expect-error: this is another class
    Cached({ key: keyOfDate })(Typed.prototype, 'find', find)
  }
  expect(check).toBeTypeOf('function')
})

function keyOfDate(this: Date) {
  return this.getTime()
}

function descriptorOf<M>(): TypedPropertyDescriptor<M> {
  return {}
}
