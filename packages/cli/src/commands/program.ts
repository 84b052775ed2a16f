import { Command } from 'commander'
import manifest from '../../package.json' with { type: 'json' }
import { paint } from '../terminal/colours.ts'
import { addClear } from './changing/clear-command.ts'
import { addDelete } from './changing/delete-command.ts'
import { addEvict } from './changing/evict-command.ts'
import { addSet } from './changing/set-command.ts'
import { addTouch } from './changing/touch-command.ts'
import { addUpkeep } from './changing/upkeep-commands.ts'
import { addCompletion } from './completion-command.ts'
import { addDoctor } from './doctor-command.ts'
import { addInspect } from './inspect-command.ts'
import { addCheck } from './looking/check-command.ts'
import { addCopy } from './looking/copy-command.ts'
import { addGet } from './looking/get-command.ts'
import { addInfo } from './looking/info-command.ts'
import { addKeys } from './looking/keys-command.ts'
import { addStats } from './looking/stats-command.ts'
import { addTags } from './looking/tags-command.ts'
import { addWatch } from './looking/watch-command.ts'
import { addExport } from './moving/export-command.ts'
import { addImport } from './moving/import-command.ts'

const COMMANDS: readonly ((program: Command) => void)[] = [
  ...[addInfo, addKeys, addGet, addTags, addStats],
  ...[addSet, addDelete, addTouch, addEvict, addUpkeep, addClear],
  ...[addCopy, addCheck, addWatch, addDoctor],
  ...[addExport, addImport],
  ...[addInspect, addCompletion],
]

/** Returns the command `diskcache` with all of its commands. */
export function program(): Command {
  const command = new Command('diskcache')
    .description('Look into a cache directory of diskcache, change it, copy it, check it')
    .version(manifest.version, '-V, --version', 'tell the version')
    .helpOption('-h, --help', 'tell how it is used')
    .option('--no-color', 'no colours, as NO_COLOR=1 and a pipe say as well')
    .configureHelp({ showGlobalOptions: true, styleTitle: (title) => paint('bold', title) })
    // Whoever calls the program tells of what was wrong.
    .configureOutput({ outputError: () => {} })
    .exitOverride()
  for (const add of COMMANDS) add(command)
  return command
}
