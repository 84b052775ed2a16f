import { clock } from './database/clock.ts'
import { codec } from './database/codec.ts'
import { collection } from './database/collection.ts'
import { counters } from './database/counters.ts'
import { damagedCopies } from './database/damaged-copies.ts'
import { entries } from './database/entries.ts'
import { format } from './database/format.ts'
import { leftovers } from './database/leftovers.ts'
import { python } from './database/python.ts'
import { readable } from './database/readable.ts'
import { settings } from './database/settings.ts'
import { tags } from './database/tags.ts'
import { volume } from './database/volume.ts'
import { engine } from './directory/engine.ts'
import { fileSystem } from './directory/file-system.ts'
import { links } from './directory/links.ts'
import { log } from './directory/log.ts'
import type { Patient } from './directory/patient.ts'
import { permissions } from './directory/permissions.ts'
import { place } from './directory/place.ts'
import { shards } from './directory/shards.ts'
import { space } from './directory/space.ts'
import { users } from './directory/users.ts'
import type { Examination } from './findings/ailment.ts'

/** All that the doctor looks at in a directory, in the order in which it is told. */
export const DIRECTORY_EXAMINATIONS: readonly Examination<Patient>[] = [
  place,
  engine,
  fileSystem,
  links,
  permissions,
  space,
  users,
  log,
  shards,
  readable,
  format,
  codec,
  settings,
  damagedCopies,
  counters,
  entries,
  leftovers,
  volume,
  clock,
  tags,
  collection,
  python,
]
