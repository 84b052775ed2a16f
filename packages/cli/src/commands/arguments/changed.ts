import { isForPeople, print, printJson } from '../../terminal/output.ts'
import { counted } from '../../terminal/sizes.ts'

/** Prints how many entries a command has changed: in words for people, as a number or JSON for programs. */
export async function printChanged(count: number, done: string, options: { json?: boolean }): Promise<void> {
  if (options.json) return printJson({ entries: count })
  await print(isForPeople() ? `${counted(count, 'entry', 'entries')} ${done}` : String(count))
}
