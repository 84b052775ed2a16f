/** The lifetime of a response, in seconds. */
export interface CacheControl {
  /** When the response is to be made anew; `false` for never. */
  revalidate: number | false
  /** When the response is not to be served any more. */
  expire: number | undefined
}

/** What Next stores: of the kind `APP_PAGE`, `APP_ROUTE`, `PAGES`, `FETCH`, `REDIRECT`, or `IMAGE`. */
export interface CachedValue {
  /** What the value is of, and so what else it has. */
  kind: string
}

/** What Next says of a value that it asks for. */
export interface GetContext {
  /** What the value is of: `APP_PAGE`, `APP_ROUTE`, `PAGES`, `FETCH`, or `IMAGE`. */
  kind: string
  /** How long a response of `fetch` is fresh, in seconds. */
  revalidate?: number | false | undefined
  /** The tags of `fetch` and `unstable_cache`. */
  tags?: string[] | undefined
  /** The tags of the path for which it is asked. */
  softTags?: string[] | undefined
}

/** What Next says of a value that it stores. */
export interface SetContext {
  /** The tags of `fetch` and `unstable_cache`. */
  tags?: string[] | undefined
  /** The lifetime of a response. */
  cacheControl?: CacheControl | undefined
}

/** What Next gets for a key. */
export interface FoundValue<V = CachedValue> {
  /** When the value was stored, in epoch milliseconds by the clock of the process. */
  lastModified: number
  /** The value; `null` for a page that is not found. */
  value: V | null
  /** The lifetime that it was stored with. */
  cacheControl?: CacheControl
}

/** What Next says of itself when it makes a handler. */
export interface HandlerContext {
  /** The folder `server` of a build. */
  serverDistDir?: string | undefined
}

/** An entry of `use cache`; times are in seconds but for `timestamp`. */
export interface CacheEntry {
  /** The bytes of the value, which can be read once. */
  value: ReadableStream<Uint8Array>
  /** The tags that it was given. */
  tags: string[]
  /** How long a browser may use it. */
  stale: number
  /** When it was made, in epoch milliseconds by the clock of the process. */
  timestamp: number
  /** How long it may be served. */
  expire: number
  /** When it is to be made anew; negative for at once. */
  revalidate: number
}
