import type { Command } from 'commander'
import { commandWords, type OptionWords } from './command-words.ts'

/** Returns the script by which zsh completes a program. */
export function zshCompletion(program: Command): string {
  const name = program.name()
  const commands = commandWords(program)
  const described = commands.map((command) => `    ${quoted(`${command.name}:${command.description}`)}`)
  const cases = commands.map((command) => {
    const first = command.choices.length > 0 ? `(${command.choices.join(' ')})` : '_files -/'
    const lines = [
      ...command.options.map(specification),
      quoted(`1:argument:${first}`),
      quoted('*:argument:_files'),
    ]
    return `    ${command.name}) _arguments ${lines.join(' ')} ;;`
  })
  return `#compdef ${name}
# Completes ${name} in zsh: put it into a folder of $fpath, as _${name}.
_${name}() {
  local -a commands
  commands=(
${described.join('\n')}
  )
  if (( CURRENT == 2 )); then
    _describe command commands
    return
  fi
  local command="$words[2]"
  shift words
  (( CURRENT-- ))
  case "$command" in
${cases.join('\n')}
  esac
}
if [ "$funcstack[1]" = "_${name}" ]; then _${name} "$@"; else compdef _${name} ${name}; fi`
}

function specification({ flag, description, takesValue, choices }: OptionWords): string {
  const text = `${flag}[${description.replaceAll(/[\\[\]:]/g, '\\$&')}]`
  if (!takesValue) return quoted(text)
  return quoted(`${text}:value:${choices.length > 0 ? `(${choices.join(' ')})` : '_files'}`)
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`
}
