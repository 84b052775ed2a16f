import { checkOptions, distinctTags, type Tags } from '@diskcache/core'
import { DEFAULT_STORE } from '../stores/store-token.ts'
import { type AsyncMethodDecorator, wrapMethod } from './wrap-method.ts'

/** The settings of {@link EvictTag}. */
export interface EvictTagOptions {
  /** The name of the store; `'default'` when left out. */
  store?: string | undefined
}

/**
 * Removes all entries with a tag, or with one of several, and the responses of `@CachedResponse` that have it, after the
 * method has succeeded, for all processes. The tag may be a function of the arguments. When the removal fails, so does the call, although the method itself has
 * succeeded: entries that are out of date may still be there.
 *
 * @throws TypeError for what cannot be a tag, an unknown option, or something that is no method of an object
 * @example
 * ```ts
 * import assert from 'node:assert/strict'
 * import { DiskCacheModule, EvictTag, getStoreToken } from '@diskcache/adapters/nest'
 * import type { AsyncStore } from '@diskcache/cache'
 * import { Module } from '@nestjs/common'
 * import { NestFactory } from '@nestjs/core'
 *
 * class Articles {
 *   @EvictTag((id: number) => `article:${id}`)
 *   async update(id: number) {}
 * }
 *
 * @Module({ imports: [DiskCacheModule.forRoot({ directory: 'cache-directory' })], providers: [Articles] })
 * class AppModule {}
 *
 * const application = await NestFactory.createApplicationContext(AppModule, { logger: false })
 * const store = application.get<AsyncStore>(getStoreToken(), { strict: false })
 * await store.set('article 1', 'text', { tag: 'article:1' })
 * await application.get(Articles).update(1)
 * assert.equal(await store.has('article 1'), false)
 * await application.close()
 * ```
 */
export function EvictTag<A extends readonly unknown[] = never[], T extends object = object>(
  tag: Tags | ((this: T, ...args: A) => Tags),
  options: EvictTagOptions = {},
): AsyncMethodDecorator<A, T> {
  checkOptions('the options of @EvictTag', options, ['store'])
  const { store = DEFAULT_STORE } = options
  if (typeof tag !== 'function' && distinctTags(tag).length === 0)
    throw new TypeError('Cannot use @EvictTag without a tag: the list is empty, and nothing would be removed')
  return wrapMethod({ decorator: 'EvictTag', store }, async ({ self, args, evict, proceed }) => {
    const tags: Tags = typeof tag === 'function' ? Reflect.apply(tag, self as T, args as A) : tag
    const result = await proceed()
    await evict(tags)
    return result
  })
}
