import type { HttpRequest } from '../rules/http-request.ts'
import type { Client } from './client.ts'
import type { Place } from './nobody.ts'
import type { Watcher } from './watcher.ts'

/** How the application is asked. */
export interface Asking {
  /** Names of request fields, in lower case, that the application does not get. */
  readonly without: readonly string[]
  /** Request fields, with names in lower case, that the application gets instead of the client's. */
  readonly instead?: Readonly<Record<string, string>>
  /** How long to wait for the head of the answer when the client has gone, in milliseconds. */
  readonly patience: number
}

/** A request to the application that no client has sent. */
export interface OwnRequest {
  /** The `key` of the exchange as which it comes to the cache. */
  readonly key: object
  /** Sends it. Resolves when it is answered, broken off, or the signal aborts. */
  send(signal: AbortSignal): Promise<void>
}

/**
 * A request, and the ways to answer it: what an adapter makes of the objects of its framework, which the application's own
 * functions are given, `Req` and `Res`.
 */
export interface Exchange<Req = unknown, Res = unknown> {
  /** The request, as the rules look at it. */
  readonly request: HttpRequest
  /** The framework's request, for the functions among the options. */
  readonly req: Req
  /** The framework's response, for the functions among the options. */
  readonly res: Res
  /** The same object for all exchanges of one request, which may come to several caches. */
  readonly key: object
  /** Whether the response is on its way already. */
  readonly isAnswered: boolean
  /** Who gets the answer, where the cache gives it. */
  readonly client: Client
  /** Lets the application answer. Later calls do nothing. */
  pass(): void
  /** Lets the application answer, and tells the watcher what. */
  ask(watcher: Watcher, how: Asking): void
  /**
   * Makes a request for the same URL with these fields and no others, from nobody; `undefined` where the application cannot
   * be asked but by its clients. `place` is that of the URL: what a trusted proxy said of it in other fields, it says again.
   */
  readonly again: ((fields: Readonly<Record<string, string>>, place: Place) => OwnRequest) | undefined
  /**
   * Returns whether the answer is one user's own, as far as what stands before the cache knows, beside the option of that
   * name. Asked before the application answers, and after.
   */
  readonly isPersonal?: (() => boolean) | undefined
  /** Whether answers that are not looked at go out as they are, without `Cache-Status`: where a further field is dear. */
  readonly isSilent?: boolean | undefined
  /** Told of work that goes on when the client has its answer, where something else could end the process before. */
  readonly waitUntil?: ((work: Promise<unknown>) => void) | undefined
}
