import type { Command } from 'commander'
import { commandWords } from './command-words.ts'

/** Returns the script by which fish completes a program. */
export function fishCompletion(program: Command): string {
  const name = program.name()
  const commands = commandWords(program)
  const begin = `complete -c ${name}`
  const lines = commands.flatMap((command) => {
    const within = `-n ${quoted(`__fish_seen_subcommand_from ${command.name}`)}`
    const argument = command.choices.length > 0 ? command.choices.join(' ') : '(__fish_complete_directories)'
    return [
      `${begin} -n __fish_use_subcommand -a ${command.name} -d ${quoted(command.description)}`,
      `${begin} ${within} -a ${quoted(argument)}`,
      ...command.options.map(({ flag, description, takesValue, choices }) => {
        const value = choices.length > 0 ? ` -x -a ${quoted(choices.join(' '))}` : takesValue ? ' -r -F' : ''
        return `${begin} ${within} -l ${flag.slice(2)}${value} -d ${quoted(description)}`
      }),
    ]
  })
  return `# Completes ${name} in fish: put it into fish's folder of completions, as ${name}.fish.\n${begin} -f\n${lines.join('\n')}`
}

function quoted(text: string): string {
  return `'${text.replaceAll(/['\\]/g, '\\$&')}'`
}
