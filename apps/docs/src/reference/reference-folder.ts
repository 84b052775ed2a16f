import { join } from 'node:path'
import { ROOT } from '../repository.ts'

/** Where the generated pages are; Git does not keep them. */
export const REFERENCE_FOLDER = join(ROOT, 'apps/docs/reference')

/** The doors and what they export, in the order in which they are shown; written with the pages. */
export const NAVIGATION_FILE = join(REFERENCE_FOLDER, 'navigation.json')

/** A door with its exports, or an export. */
export interface NavigationItem {
  readonly title: string
  /** Below the folder. */
  readonly path: string
  readonly children?: readonly NavigationItem[]
}
