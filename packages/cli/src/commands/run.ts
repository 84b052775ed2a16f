import { existsSync } from 'node:fs'
import { CommanderError } from 'commander'
import { withoutColours } from '../terminal/colours.ts'
import { ExitCode, Failure, failureLine } from '../terminal/failure.ts'
import { endOnInterruption } from '../terminal/interruption.ts'
import { endWithoutReaders, remark } from '../terminal/output.ts'
import { program } from './program.ts'

/** What the program has told itself, instead of failing. */
const TOLD = ['commander.helpDisplayed', 'commander.version', 'commander.help']

/** Does what the arguments of the command line say, and sets the exit code. */
export async function run(words: readonly string[]): Promise<void> {
  endWithoutReaders()
  endOnInterruption()
  // Before anything is printed: also the help has colours.
  if (words.includes('--no-color')) withoutColours()
  try {
    await program().parseAsync(words, { from: 'user' })
  } catch (error) {
    if (error instanceof CommanderError && TOLD.includes(error.code)) {
      process.exitCode = error.exitCode === 0 ? ExitCode.well : ExitCode.failed
      return
    }
    remark(failureLine(inOurWords(error, words)))
    process.exitCode = ExitCode.failed
  }
}

/** The libraries say `error: …`, and do not know that the directory comes after the command. */
function inOurWords(error: unknown, words: readonly string[]): unknown {
  if (!(error instanceof CommanderError)) return error
  const directory = words.find((word) => !word.startsWith('-'))
  if (error.code === 'commander.unknownCommand' && directory !== undefined && existsSync(directory))
    return new Failure(
      `"${directory}" is no command: the directory comes after it, as in diskcache info ${directory}`,
    )
  return new Failure(`${error.message.replace(/^error: /, '')}; diskcache --help tells more`)
}
