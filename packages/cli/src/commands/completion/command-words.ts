import type { Command, Option } from 'commander'

/** What can be completed of a command. */
export interface CommandWords {
  readonly name: string
  readonly description: string
  readonly options: readonly OptionWords[]
  /** The words of which its first argument is one; otherwise it is a directory. */
  readonly choices: readonly string[]
}

/** What can be completed of an option. */
export interface OptionWords {
  /** Its long form, with hyphens. */
  readonly flag: string
  readonly description: string
  /** Whether a value follows, and the words of which that is one. */
  readonly takesValue: boolean
  readonly choices: readonly string[]
}

/** Returns what can be completed of each command of a program. */
export function commandWords(program: Command): CommandWords[] {
  const common = program.options.map(optionWords)
  return program.commands.map((command) => ({
    name: command.name(),
    description: command.description(),
    options: [
      ...command.options.map(optionWords),
      ...common.filter(({ flag }) => flag !== '--version'),
      HELP,
    ],
    choices: command.registeredArguments[0]?.argChoices ?? [],
  }))
}

const HELP: OptionWords = {
  flag: '--help',
  description: 'tell how it is used',
  takesValue: false,
  choices: [],
}

function optionWords({ long, description, required, optional, argChoices }: Option): OptionWords {
  return { flag: long!, description, takesValue: required || optional, choices: argChoices ?? [] }
}
