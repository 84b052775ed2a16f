import type { Command } from 'commander'
import { commandWords } from './command-words.ts'

/** Returns the script by which bash completes a program. */
export function bashCompletion(program: Command): string {
  const commands = commandWords(program)
  const cases = commands.map(({ name, options, choices }) => {
    const flags = options.map(({ flag }) => flag).join(' ')
    return `    ${name}) options='${flags}'; words='${choices.join(' ')}' ;;`
  })
  const values = new Map(commands.flatMap(({ options }) => options).map((option) => [option.flag, option]))
  const valueCases = [...values.values()]
    .filter(({ takesValue }) => takesValue)
    .map(({ flag, choices }) => `    ${flag}) ${valueReply(choices)}; return ;;`)
  return `# Completes ${program.name()} in bash: source it, or put it among bash's completions.
_${program.name()}() {
  local current="\${COMP_WORDS[COMP_CWORD]}" previous="\${COMP_WORDS[COMP_CWORD-1]}" options='' words=''
  COMPREPLY=()
  if [ "$COMP_CWORD" -eq 1 ]; then
    COMPREPLY=($(compgen -W '${commands.map(({ name }) => name).join(' ')} help --help --version' -- "$current"))
    return
  fi
  case "$previous" in
${valueCases.join('\n')}
  esac
  case "\${COMP_WORDS[1]}" in
${cases.join('\n')}
  esac
  case "$current" in
    -*) COMPREPLY=($(compgen -W "$options" -- "$current")); return ;;
  esac
  if [ -n "$words" ]; then
    COMPREPLY=($(compgen -W "$words" -- "$current"))
  else
    compopt -o filenames 2> /dev/null
    local IFS=$'\\n'
    COMPREPLY=($(compgen -d -- "$current"))
  fi
}
complete -F _${program.name()} ${program.name()}`
}

/** Files where the words are not known, such as that of \`--file\`. */
function valueReply(choices: readonly string[]): string {
  if (choices.length > 0) return `COMPREPLY=($(compgen -W '${choices.join(' ')}' -- "$current"))`
  return 'compopt -o default 2> /dev/null'
}
