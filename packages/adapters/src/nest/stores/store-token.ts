import { Inject } from '@nestjs/common'

/** The name of a store of `forRoot` without a name. */
export const DEFAULT_STORE = 'default'

/**
 * Returns the token of a store of {@link DiskCacheModule}, the default one when `name` is left out: for `inject` of a
 * factory, and for `overrideProvider` in tests.
 */
export function getStoreToken(name: string = DEFAULT_STORE): string {
  return `store '${name}' of DiskCacheModule`
}

/**
 * Injects a store of {@link DiskCacheModule} as an `AsyncStore`, the default one when `name` is left out. The module
 * that uses it imports that one, unless that is global.
 *
 * @example
 * constructor(@InjectStore() private readonly store: AsyncStore) {}
 */
export function InjectStore(name?: string): PropertyDecorator & ParameterDecorator {
  return Inject(getStoreToken(name))
}

/** Returns the token of the {@link Responses} in a store, the default one when `name` is left out. */
export function getResponsesToken(name: string = DEFAULT_STORE): string {
  return `responses in the ${getStoreToken(name)}`
}

/**
 * Injects the {@link Responses} in a store of {@link DiskCacheModule}, the default one when `name` is left out. The module
 * that uses it imports that one, unless that is global.
 *
 * @example
 * constructor(@InjectResponses() private readonly responses: Responses) {}
 */
export function InjectResponses(name?: string): PropertyDecorator & ParameterDecorator {
  return Inject(getResponsesToken(name))
}
