import { Argument, type Command } from 'commander'
import { print } from '../terminal/output.ts'
import { withExamples } from './arguments/examples.ts'
import { bashCompletion } from './completion/bash.ts'
import { fishCompletion } from './completion/fish.ts'
import { zshCompletion } from './completion/zsh.ts'

const SCRIPTS = { bash: bashCompletion, zsh: zshCompletion, fish: fishCompletion }

/** Adds `completion`. */
export function addCompletion(program: Command): void {
  const command = program
    .command('completion')
    .description('print a script by which a shell completes commands, options and directories')
    .addArgument(new Argument('<shell>', 'the shell').choices(Object.keys(SCRIPTS)))
    .action((shell: keyof typeof SCRIPTS) => print(SCRIPTS[shell](program)))
  withExamples(command, [
    ['completion bash > ~/.local/share/bash-completion/completions/diskcache', 'bash'],
    ['completion zsh > ~/.zsh/functions/_diskcache', 'zsh, a folder of $fpath'],
    ['completion fish > ~/.config/fish/completions/diskcache.fish', 'fish'],
  ])
}
