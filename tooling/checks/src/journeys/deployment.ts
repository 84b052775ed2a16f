import type { SmokeCheck } from '../smoke/smoke-check.ts'
import { DESCRIPTION_CHECKS } from './deployment/description-checks.ts'
import { SERVER_CHECKS } from './deployment/server-checks.ts'
import { SIGNAL_CHECKS } from './deployment/signal-checks.ts'
import { VOLUME_CHECKS } from './deployment/volume-checks.ts'

/** That the guide to deployment is true: its files run, on volumes and for users as it describes them, where this machine can. */
export const DEPLOYMENT_CHECKS: readonly SmokeCheck[] = [
  ...DESCRIPTION_CHECKS,
  ...SERVER_CHECKS,
  ...SIGNAL_CHECKS,
  ...VOLUME_CHECKS,
]
