import { Command } from 'commander'

/** Returns the command `diskcache` with all of its commands. */
export function program(): Command {
  return new Command('diskcache')
}
