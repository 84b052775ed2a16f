import type { Command } from 'commander'

/** Adds examples to the help text of a command, each with what it does. */
export function withExamples(command: Command, examples: readonly (readonly [line: string, does: string])[]) {
  const widest = Math.max(...examples.map(([line]) => line.length))
  const lines = examples.map(([line, does]) => `  $ diskcache ${line.padEnd(widest)}  # ${does}`)
  return command.addHelpText('after', `\nExamples:\n${lines.join('\n')}`)
}
