import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { HandlerContext } from './next-types.ts'

/**
 * Returns what tells the responses of one build from those of others; `undefined` where there is no build, as while it is
 * made. With a deployment id, Next gives all builds one build id.
 */
export function deploymentOf({ serverDistDir }: HandlerContext): string | undefined {
  if (serverDistDir === undefined) return undefined
  try {
    const build = readFileSync(join(serverDistDir, '..', 'BUILD_ID'), 'utf8').trim()
    return [build, process.env.NEXT_DEPLOYMENT_ID].filter(Boolean).join(' ')
  } catch {
    return undefined
  }
}
