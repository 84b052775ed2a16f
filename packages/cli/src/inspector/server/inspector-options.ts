import { checkBoolean, checkOptions, checkString } from '@diskcache/core'

/** What the page in an application may do. */
export interface InspectorOptions {
  /**
   * Whether entries can be deleted, evicted, pinned and given another time to live; `false` unless given. Whoever can see
   * the page can do it then.
   */
  readonly changes?: boolean | undefined
  /** What the page calls the store; the last part of its directory's path unless given, or what class it is. */
  readonly name?: string | undefined
}

/**
 * Returns whether changes are allowed, and the name if one is given.
 *
 * @throws TypeError for an unknown or illegal option
 */
export function checkInspectorOptions(options: InspectorOptions): {
  changes: boolean
  name: string | undefined
} {
  checkOptions('options', options, ['changes', 'name'])
  const { changes = false, name } = options
  return {
    changes: checkBoolean('changes', changes),
    name: name === undefined ? undefined : checkString('name', name),
  }
}
