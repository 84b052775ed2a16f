/**
 * Packs the packages, installs them outside this repository, as users would, and uses them. The short run has the most telling
 * checks.
 */
import { BUNDLER_CHECKS } from './smoke/bundler-checks.ts'
import { DOOR_CHECKS } from './smoke/door-checks.ts'
import { INSTALL_CHECKS } from './smoke/install-checks.ts'
import { RUNTIME_CHECKS } from './smoke/runtime-checks.ts'
import { TYPE_CHECKS } from './smoke/type-checks.ts'
import { ADAPTER_CHECKS } from './smoke-adapters.ts'
import { COMMAND_CHECKS } from './smoke-command.ts'
import { NEXT_CHECKS } from './smoke-next.ts'
import { PACKED_CHECKS } from './smoke-packed.ts'
import { workOffLanes } from './work-off-lanes.ts'

await workOffLanes([
  [...PACKED_CHECKS, ...COMMAND_CHECKS, ...DOOR_CHECKS, ...TYPE_CHECKS, ...INSTALL_CHECKS],
  [...ADAPTER_CHECKS, ...BUNDLER_CHECKS, ...RUNTIME_CHECKS, ...NEXT_CHECKS],
])
