import type { OutgoingHttpHeaders } from 'node:http'
import { type HeaderValue, joined } from '../http/fields/header-values.ts'
import type { ResponseHead } from '../http/fields/response-head.ts'

/** By which the cache says what it did. */
const STATUS = 'Cache-Status'

type Body = ConstructorParameters<typeof Response>[0]

interface Field {
  readonly name: string
  readonly value: string | readonly string[]
}

/** What a head was filled with, when it had no fields. */
interface Filling {
  readonly fields: ReadonlyMap<string, Field>
  readonly init: Readonly<Record<string, string>>
}

/** By the keys of {@link WebHead.fillAs}. */
const fillings = new WeakMap<object, Filling>()

/** The head of a `Response` that is still to be made, or to be changed. */
export class WebHead implements ResponseHead {
  statusCode = 200
  #message: string | undefined = ''
  /** The application's, whose reason phrase some servers make only when it is read, and all else with it. */
  #loaded: Response | undefined
  /** By name in lower case. */
  #own: Map<string, Field>
  /** Further fields, which others have, too. */
  #filling: Filling | undefined
  /** The fields that were set or taken away since the application last said what they are. */
  readonly #changed = new Set<string>()

  constructor(headers?: Headers) {
    this.#own = fieldsOf(headers)
  }

  get statusMessage(): string {
    return this.#message ?? this.#loaded?.statusText ?? ''
  }

  set statusMessage(message: string) {
    this.#message = message
  }

  getHeader(name: string): HeaderValue {
    const known = name.toLowerCase()
    return (this.#own.get(known) ?? this.#filling?.fields.get(known))?.value
  }

  hasHeader(name: string): boolean {
    return this.getHeader(name) !== undefined
  }

  setHeader(name: string, value: number | string | readonly string[]): void {
    const known = name.toLowerCase()
    const fields = this.#filling?.fields.has(known) ? this.#fields : this.#own
    fields.set(known, { name, value: typeof value === 'number' ? String(value) : value })
    this.#changed.add(known)
  }

  fillAs(key: object, fill: () => void): void {
    const isEmpty = this.#own.size === 0 && this.#filling === undefined
    const filling = isEmpty ? fillings.get(key) : undefined
    if (filling !== undefined) {
      this.#filling = filling
      return
    }
    fill()
    if (!isEmpty) return
    const init = this.#init()
    if (!Array.isArray(init)) fillings.set(key, { fields: new Map(this.#own), init })
  }

  removeHeader(name: string): void {
    const known = name.toLowerCase()
    if (this.#fields.delete(known)) this.#changed.add(known)
  }

  getHeaders(): OutgoingHttpHeaders {
    return Object.fromEntries([...this.#fields].map(([name, { value }]) => [name, value as string]))
  }

  getRawHeaderNames(): string[] {
    return [...this.#fields.values()].map(({ name }) => name)
  }

  /** Makes the head that of the application's response. What the cache has said of itself by then is kept. */
  load(response: Response): void {
    const said = this.#said()
    this.statusCode = response.status
    this.#message = undefined
    this.#loaded = response
    this.#own = fieldsOf(response.headers)
    this.#filling = undefined
    this.#changed.clear()
    if (said !== undefined) this.setHeader(STATUS, withStatus(joined(this.getHeader(STATUS)), said))
  }

  /** Returns the application's response with what was changed in the head: the same one, where that can be. */
  applyTo(response: Response): Response {
    return this.#changed.size === 0 ? response : changed(response, (headers) => this.#change(headers))
  }

  /** Returns the application's response with what the cache has said of itself, and does not look at the rest. */
  announceOn(response: Response): Response {
    const said = this.#said()
    if (said === undefined) return response
    return changed(response, (headers) =>
      headers.set(STATUS, withStatus(headers.get(STATUS) ?? undefined, said)),
    )
  }

  /** Returns a response with this head. */
  respond(body: Uint8Array | ReadableStream<Uint8Array> | null): Response {
    const init = { status: this.statusCode, statusText: this.statusMessage, headers: this.#init() }
    return new Response(hasBody(this.statusCode) ? (body as Body) : null, init)
  }

  /** Returns what the cache has said of itself, if it has, behind what others have. */
  #said(): string | undefined {
    return this.#changed.has(STATUS.toLowerCase()) ? joined(this.getHeader(STATUS)) : undefined
  }

  #change(headers: Headers): void {
    for (const name of this.#changed) {
      headers.delete(name)
      for (const value of valuesOf(this.#fields.get(name))) headers.append(name, value)
    }
  }

  /** All fields, as this head's own. */
  get #fields(): Map<string, Field> {
    if (this.#filling !== undefined) {
      this.#own = new Map([...this.#filling.fields, ...this.#own])
      this.#filling = undefined
    }
    return this.#own
  }

  /** An object where that can be: servers take it as it is. */
  #init(): Record<string, string> | [string, string][] {
    const init: Record<string, string> = { ...this.#filling?.init }
    for (const { name, value } of this.#own.values()) {
      // Such a name would be that of something else of the object.
      if (typeof value !== 'string' || name === '__proto__') return this.#lines()
      init[name] = value
    }
    return init
  }

  #lines(): [string, string][] {
    return [...this.#fields.values()].flatMap((field) =>
      valuesOf(field).map((value): [string, string] => [field.name, value]),
    )
  }
}

function withStatus(theirs: string | undefined, said: string): string {
  return theirs === undefined ? said : `${theirs}, ${said}`
}

/** Returns a response with changed fields: the same one, where that can be. */
function changed(response: Response, change: (headers: Headers) => void): Response {
  // A response with such a status cannot be made: it is that of a protocol that was switched to, or of an error.
  if (response.status < 200) return response
  try {
    change(response.headers)
    return response
  } catch {
    // The fields of a redirect, and of what `fetch` gives, cannot be changed.
    const { status, statusText } = response
    const copy = new Response(response.body, { status, statusText, headers: response.headers })
    change(copy.headers)
    return copy
  }
}

/** Returns whether a response with this status may have a body, and a `Response` with one be made. */
function hasBody(status: number): boolean {
  return status !== 204 && status !== 205 && status !== 304
}

function fieldsOf(headers: Headers | undefined): Map<string, Field> {
  const fields = new Map<string, Field>()
  if (headers === undefined) return fields
  for (const [name, value] of headers) if (name !== 'set-cookie') fields.set(name, { name, value })
  const cookies = headers.getSetCookie()
  if (cookies.length > 0) fields.set('set-cookie', { name: 'set-cookie', value: cookies })
  return fields
}

function valuesOf(field: Field | undefined): readonly string[] {
  if (field === undefined) return []
  return typeof field.value === 'string' ? [field.value] : field.value
}
