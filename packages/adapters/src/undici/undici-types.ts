import type { interceptors } from 'undici'

/** Where the cache interceptor of undici keeps responses. */
export type CacheStore = NonNullable<NonNullable<Parameters<typeof interceptors.cache>[0]>['store']>

/** A request, as the interceptor asks for its response: origin, method, path and header fields. */
export type CacheKey = Parameters<CacheStore['get']>[0]

/** The head of a response, and until when it is fresh and of use. */
export type CacheValue = Parameters<CacheStore['createWriteStream']>[1]

/** A stored response with its body. */
export type GetResult = NonNullable<Awaited<ReturnType<CacheStore['get']>>>
