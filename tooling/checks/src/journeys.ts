/**
 * Goes the ways that the guides lead a newcomer, as a newcomer would: in empty folders, with packed packages that npm installs.
 * The short run, which CI makes, takes less than three minutes.
 */
import { DEPLOYMENT_CHECKS } from './journeys/deployment.ts'
import { INTRODUCTION_CHECKS } from './journeys/introduction.ts'
import { MIGRATION_CHECKS } from './journeys/migration.ts'
import { STUDY_CHECKS } from './journeys/studies.ts'
import { TROUBLESHOOTING_CHECKS } from './journeys/troubleshooting.ts'
import { TUTORIAL_CHECKS } from './journeys/tutorial.ts'
import { workOffLanes } from './work-off-lanes.ts'

await workOffLanes([
  [...INTRODUCTION_CHECKS, ...TUTORIAL_CHECKS, ...DEPLOYMENT_CHECKS],
  [...STUDY_CHECKS, ...MIGRATION_CHECKS, ...TROUBLESHOOTING_CHECKS],
])
