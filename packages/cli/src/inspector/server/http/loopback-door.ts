import { randomBytes, timingSafeEqual } from 'node:crypto'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { type AddressInfo, isIP } from 'node:net'
import { absentAnswer, failureAnswer } from './answers.ts'
import { type Answering, answerNode, destinationOf, send } from './node-door.ts'
import { Refusal } from './refusal.ts'

/** 128 bits, so that nobody guesses it. */
const TOKEN_BYTES = 16

/** The bytes of a request's head: ids of keys stand in addresses. */
const MOST_HEAD_BYTES = 256 * 1024

/** Where the door listens. */
export interface LoopbackPlace {
  /** An address of this machine alone: `localhost`, one that begins with `127.`, or `::1`. */
  readonly host: string
  /** 0 for any free one. */
  readonly port: number
}

/**
 * A server on this machine alone, for whoever knows its address: all of it is below a path of 128 random bits. Any user
 * of this machine can reach a port, and any page in a browser can ask for it; none of them knows the path. The name of
 * the host is checked, so that no other name leads here, which would make the page one of another site's origin.
 */
export class LoopbackDoor implements AsyncDisposable {
  readonly #server: Server
  readonly #inspector: Answering
  readonly #token = randomBytes(TOKEN_BYTES).toString('base64url')
  readonly #host: string

  private constructor(inspector: Answering, host: string) {
    this.#inspector = inspector
    this.#host = isIP(host) === 6 ? `[${host}]` : host
    this.#server = createServer({ maxHeaderSize: MOST_HEAD_BYTES }, (req, res) => this.#answer(req, res))
  }

  /**
   * Opens the door.
   *
   * @throws RangeError for a host that others can reach
   * @throws Error of the operating system, such as `EADDRINUSE`
   */
  static async open(inspector: Answering, { host, port }: LoopbackPlace): Promise<LoopbackDoor> {
    if (!isLoopback(host)) {
      throw new RangeError(
        `Cannot listen on '${host}': only this machine may reach the inspector; give 127.0.0.1, ::1 or localhost`,
      )
    }
    const door = new LoopbackDoor(inspector, host)
    await new Promise<void>((resolve, reject) => {
      door.#server.once('error', reject)
      door.#server.listen({ host, port, exclusive: true }, resolve)
    })
    // What `localhost` is, the machine's table of hosts says.
    const { address } = door.#server.address() as AddressInfo
    if (isLoopback(address)) return door
    await door[Symbol.asyncDispose]()
    throw new RangeError(`Cannot listen on '${host}': it is ${address} here, which others can reach`)
  }

  /** The address of the page, with its token. */
  get url(): string {
    return `http://${this.#host}:${this.#port}/${this.#token}/`
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()))
    this.#server.closeAllConnections()
    await closed
  }

  #answer(req: IncomingMessage, res: ServerResponse): void {
    if (!this.#isOwnHost(req.headers.host)) {
      send(res, failureAnswer(new Refusal(403, 'Cannot answer under this name of the host')))
      return
    }
    const url = req.url ?? ''
    const [, token = '', rest = ''] = /^\/([^/?]*)(.*)$/s.exec(url) ?? []
    if (!this.#isToken(token)) send(res, absentAnswer())
    else void answerNode(this.#inspector, { req, res }, destinationOf(rest, url))
  }

  get #port(): number {
    return (this.#server.address() as AddressInfo).port
  }

  #isOwnHost(host = ''): boolean {
    const names = ['127.0.0.1', 'localhost', '[::1]', this.#host]
    return names.some((name) => host === `${name}:${this.#port}` || (this.#port === 80 && host === name))
  }

  /** Compares in a time that does not tell how much of it is right. All tokens have one length, which is no secret. */
  #isToken(token: string): boolean {
    const [given, own] = [Buffer.from(token), Buffer.from(this.#token)]
    return given.length === own.length && timingSafeEqual(given, own)
  }
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'))
}
