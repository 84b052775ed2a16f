import { once } from 'node:events'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { expect, onTestFinished, test } from 'vitest'
import type { Client } from '../../src/http/exchange/client.ts'
import type { Decision, Watcher } from '../../src/http/exchange/watcher.ts'
import { ResponseTap } from '../../src/node/response-tap.ts'
import { type Answer, ask } from '../http/http-client.ts'

/** Writes down what it is told. */
class Witness implements Watcher {
  trailers(): void {}

  wantsRest = false
  wantsBody = true
  readonly told: string[] = []
  readonly body: Buffer[] = []
  readonly #decide: (client: Client) => Decision
  /** Tells that the rest may be wanted no more. */
  left = () => {}
  /** What `data` gives. */
  busy: Promise<void> | undefined
  held: Promise<void> | undefined

  constructor(decide: (client: Client) => Decision = () => 'pass') {
    this.#decide = decide
  }

  head(client: Client): Decision {
    this.told.push(`head ${client.head.statusCode}`)
    return this.#decide(client)
  }

  onUnwanted(listener: () => void): void {
    this.left = listener
  }

  sent(): void {
    this.told.push('sent')
  }

  data(chunk: Buffer): Promise<void> | undefined {
    this.body.push(chunk)
    return this.busy
  }

  heldUp(): void {
    this.told.push('held up')
  }

  end(): Promise<void> | undefined {
    this.told.push('end')
    return this.held
  }

  abort(): void {
    this.told.push('abort')
  }

  fail(): void {
    this.told.push('fail')
  }

  get text(): string {
    return Buffer.concat(this.body).toString()
  }
}

interface Tapped {
  readonly watcher: Watcher
  readonly handle: (res: ServerResponse) => unknown
  /** Changes the response before it is tapped, as middleware does. */
  readonly before?: (res: ServerResponse) => void
}

/** Answers one request of a server of Node alone. */
async function answerOf({ watcher, handle, before }: Tapped): Promise<Answer> {
  const server = createServer(async (_req, res) => {
    before?.(res)
    new ResponseTap(res, watcher, { patience: 100 })
    await handle(res)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return ask(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`)
}

/** Lets a response lose its client, as when that one resets the connection. */
function lose({ req: { socket } }: ServerResponse): Promise<unknown> {
  socket.destroy(Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET', syscall: 'read' }))
  return new Promise((resolve) => socket.once('close', resolve))
}

function replacing(text: string) {
  return (client: Client): Decision => {
    client.head.removeHeader('Content-Length')
    return { replace: () => client.end(Buffer.from(text)) }
  }
}

test('ResponseTap tells of head, body and end, on a server without Express', async () => {
  const witness = new Witness()
  const handle = (res: ServerResponse) => {
    res.writeHead(201, { 'X-Own': 'yes' })
    res.write('one ')
    res.end('two')
  }
  const { status, headers, text } = await answerOf({ watcher: witness, handle })
  expect([status, headers['x-own'], text, witness.text]).toEqual([201, 'yes', 'one two', 'one two'])
  expect(witness.told).toEqual(['head 201', 'sent', 'end'])
})

test('ResponseTap gives the watcher bytes of its own', async () => {
  const witness = new Witness()
  const handle = (res: ServerResponse) => {
    const bytes = Buffer.from('same')
    res.write(bytes, () => {
      bytes.fill('?')
      res.end()
    })
  }
  await answerOf({ watcher: witness, handle })
  expect(witness.text).toBe('same')
})

test('ResponseTap does not tell of a chunk that Node refuses', async () => {
  const witness = new Witness()
  const handle = (res: ServerResponse) => {
    for (const chunk of [['a list'], { length: 3 }, 5]) expect(() => res.write(chunk)).toThrow(TypeError)
    res.end('fine')
  }
  const { text } = await answerOf({ watcher: witness, handle })
  expect([text, witness.text]).toEqual(['fine', 'fine'])
})

test('ResponseTap holds the end back, and drops what a handler adds to it', async () => {
  const witness = new Witness()
  const [held, added] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
  witness.held = held.promise
  const handle = (res: ServerResponse) => {
    res.end('all')
    expect([res.write('more'), res.end('most') === res, res.writableEnded]).toEqual([false, true, false])
    added.resolve()
  }
  const answer = answerOf({ watcher: witness, handle })
  await added.promise
  held.resolve()
  expect([(await answer).text, witness.text, witness.told.at(-1)]).toEqual(['all', 'all', 'end'])
})

test('ResponseTap sends the head alone', async () => {
  const witness = new Witness(({ head }) => {
    head.statusCode = 304
    return 'head'
  })
  const done = Promise.withResolvers<void>()
  const { status, text } = await answerOf({
    watcher: witness,
    handle: (res) => res.end('body', done.resolve),
  })
  await done.promise
  expect([status, text]).toEqual([304, ''])
})

for (const [name, finish] of Object.entries({
  'has ended': (res: ServerResponse): void => {
    res.end('own')
    expect([res.write('more'), res.end()]).toEqual([false, res])
    setImmediate(() => res.write('late'))
  },
  'goes on': (res: ServerResponse) => {
    res.write('own')
    setImmediate(() => res.end('more'))
  },
  'never ends': (res: ServerResponse): void => void res.write('own'),
}))
  test(`ResponseTap sends what the watcher does instead of a handler that ${name}`, async () => {
    const watcher = new Witness(replacing('instead'))
    expect((await answerOf({ watcher, handle: finish })).text).toBe('instead')
    // Also through middleware whose end writes by itself.
    const before = (res: ServerResponse) => {
      const { end } = res
      res.end = (...args: unknown[]) => {
        if (typeof args[0] === 'object') res.write(`(${args[0]})`)
        return Reflect.apply(end, res, [])
      }
    }
    const again = new Witness(replacing('instead'))
    expect((await answerOf({ watcher: again, handle: finish, before })).text).toBe('(instead)')
  })

test('ResponseTap sends nothing instead of a head that Node does not take', async () => {
  const witness = new Witness(replacing('instead'))
  const before = (res: ServerResponse) => {
    const { writeHead } = res
    let isFirst = true
    res.writeHead = (...args: unknown[]) => {
      if (isFirst) isFirst = false
      else return Reflect.apply(writeHead, res, args)
      throw new Error('it fails')
    }
  }
  const handle = async (res: ServerResponse) => {
    expect(() => res.end('own')).toThrow('it fails')
    await null
    res.statusCode = 500
    res.end('failure')
  }
  const { status, text } = await answerOf({ watcher: witness, handle, before })
  expect([status, text, witness.told.slice(0, 2)]).toEqual([500, 'failure', ['head 200', 'abort']])
})

test('ResponseTap tells the watcher that it has missed a head', async () => {
  const witness = new Witness()
  let past: () => void
  const before = (res: ServerResponse) => {
    const { writeHead } = res
    past = () => void writeHead.call(res, 203)
  }
  const handle = (res: ServerResponse) => {
    past()
    res.end('own')
  }
  const { status, text } = await answerOf({ watcher: witness, handle, before })
  expect([status, text, witness.told]).toEqual([203, 'own', ['abort', 'end']])
})

test('ResponseTap lets a handler wait for the watcher', async () => {
  const witness = new Witness()
  const busy = Promise.withResolvers<void>()
  witness.busy = busy.promise
  const handle = async (res: ServerResponse) => {
    expect(res.write('one ')).toBe(false)
    const drained = once(res, 'drain').then(() => witness.told.push('drain'))
    await new Promise(setImmediate)
    witness.told.push('ready')
    witness.busy = undefined
    busy.resolve()
    await drained
    expect(res.write('two')).toBe(true)
    res.end()
  }
  expect((await answerOf({ watcher: witness, handle })).text).toBe('one two')
  expect(witness.told).toEqual(['head 200', 'sent', 'ready', 'drain', 'end'])
})

test('ResponseTap lets a handler finish that does not know that its client has gone', async () => {
  const witness = new Witness()
  witness.wantsRest = true
  const done = Promise.withResolvers<ServerResponse>()
  const handle = async (res: ServerResponse) => {
    res.on('close', () => witness.told.push('close'))
    res.write('one ')
    await lose(res)
    expect(res.destroyed).toBe(false)
    // Some versions of Node say in the end that this was for nobody.
    await pipeline(Readable.from(['two ', 'three']), res).catch(() => {})
    done.resolve(res)
  }
  await expect(answerOf({ watcher: witness, handle })).rejects.toThrow()
  expect((await done.promise).destroyed).toBe(true)
  expect([witness.text, witness.told]).toEqual(['one two three', ['head 200', 'sent', 'end', 'close']])
})

for (const [name, givesUp] of Object.entries({
  'falls silent': () => {},
  'is not wanted any more': (witness: Witness, res: ServerResponse): void => {
    witness.wantsRest = false
    res.write('two')
  },
  'is left by those who waited for it': (witness: Witness): void => {
    witness.wantsRest = false
    witness.left()
  },
  'destroys it': (_witness: Witness, res: ServerResponse): void => void res.destroy(),
}))
  test(`ResponseTap tells a handler whose client has gone that ${name}`, async () => {
    const witness = new Witness()
    witness.wantsRest = true
    const closed = Promise.withResolvers<void>()
    const handle = async (res: ServerResponse) => {
      res.on('close', closed.resolve)
      res.write('one ')
      await lose(res)
      givesUp(witness, res)
    }
    await expect(answerOf({ watcher: witness, handle })).rejects.toThrow()
    await closed.promise
    expect(witness.told).toEqual(['head 200', 'sent', 'abort'])
  })

for (const [name, send] of Object.entries({
  write: (res: ServerResponse) => res.write(5 as never),
  end: (res: ServerResponse) => res.end(new Uint16Array(2)),
}))
  test(`ResponseTap lets a handler answer with an error when ${name} is given no part of a body`, async () => {
    const witness = new Witness()
    const handle = (res: ServerResponse) => {
      expect(() => send(res)).toThrow(expect.objectContaining({ code: 'ERR_INVALID_ARG_TYPE' }))
      res.writeHead(500).end('it fails')
    }
    expect(await answerOf({ watcher: witness, handle })).toMatchObject({ status: 500, text: 'it fails' })
    expect(witness.told).toEqual(['head 500', 'sent', 'end'])
  })
