import { join } from 'node:path'

/** Where the binary of the oldest supported Node is. */
export const NODE_22: string = join(import.meta.dirname, '../node_modules/node22/bin/node')
