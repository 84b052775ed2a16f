import { resolve } from 'node:path'

/** The root of the repository. */
export const ROOT = resolve(import.meta.dirname, '../../..')

/** Where its files are on the web, as in links of pages that are also read elsewhere. */
export const HOME = 'https://github.com/diskcache/diskcache-node'
