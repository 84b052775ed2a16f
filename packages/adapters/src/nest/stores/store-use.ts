import { metadata } from './metadata.ts'

/** The use of a store by a decorated method or class: what can be checked of it before the method is called. */
export interface StoreUse {
  readonly decorator: 'Cached' | 'EvictTag' | 'CachedResponse'
  /** The name of the store. */
  readonly store: string
  /** How keys are made, for `Cached` alone. */
  readonly naming?: KeyNaming | undefined
}

/** What the keys of a cached method are made of. */
export interface KeyNaming {
  /** The part of the keys that stands instead of class and method. */
  readonly name: string | undefined
  /** Whether a function makes the rest of the key. */
  readonly hasKey: boolean
}

const USES = 'diskcache:uses'

export function addUse(target: object, use: StoreUse): void {
  metadata.defineMetadata(USES, [...usesOf(target), use], target)
}

export function usesOf(target: object): readonly StoreUse[] {
  return (metadata.getMetadata(USES, target) ?? []) as readonly StoreUse[]
}
