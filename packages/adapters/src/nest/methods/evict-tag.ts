import { checkOptions, type Tag } from '@diskcache/core'
import { DEFAULT_STORE } from '../stores/store-token.ts'
import { type AsyncMethodDecorator, wrapMethod } from './wrap-method.ts'

export interface EvictTagOptions {
  /** The name of the store. */
  store?: string | undefined
}

type Tags = Tag | readonly Tag[]

/**
 * Removes all entries with a tag, or with one of several, after the method has succeeded, for all processes. The tag may
 * depend on the arguments. When the removal fails, so does the call, although the method itself has succeeded: entries that
 * are out of date may still be there.
 *
 * @example
 * class Articles { @EvictTag((id: number) => `article:${id}`) async update(id: number, text: string) { … } }
 */
export function EvictTag<A extends readonly unknown[] = never[], T extends object = object>(
  tag: Tags | ((this: T, ...args: A) => Tags),
  options: EvictTagOptions = {},
): AsyncMethodDecorator<A, T> {
  checkOptions('the options of @EvictTag', options, ['store'])
  const { store = DEFAULT_STORE } = options
  return wrapMethod({ decorator: 'EvictTag', store }, async ({ self, args, store, proceed }) => {
    const tags: Tags = typeof tag === 'function' ? Reflect.apply(tag, self as T, args as A) : tag
    const result = await proceed()
    await Promise.all(tagList(tags).map((one) => store.evict(one)))
    return result
  })
}

function tagList(tags: Tags): readonly Tag[] {
  return Array.isArray(tags) ? tags : [tags as Tag]
}
