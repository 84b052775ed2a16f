import { checkBoolean, checkOptions } from '@diskcache/core'

/** What the page in an application may do. */
export interface InspectorOptions {
  /**
   * Whether entries can be deleted, evicted, pinned and given another time to live; `false` unless given. Whoever can see
   * the page can do it then.
   */
  readonly changes?: boolean | undefined
}

/**
 * Returns whether changes are allowed.
 *
 * @throws TypeError for an unknown or illegal option
 */
export function allowsChanges(options: InspectorOptions): boolean {
  checkOptions('options', options, ['changes'])
  return checkBoolean('changes', options.changes ?? false)
}
