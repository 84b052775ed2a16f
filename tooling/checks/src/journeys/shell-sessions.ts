import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { pageOf } from '../pages/documentation-page.ts'
import type { Workbench } from '../smoke/workbench.ts'
import { ROOT } from './root.ts'

/** Runs what a page types into a shell after `$ node`, and compares what that prints with what the page shows. */
export async function followSessions(page: string, bench: Workbench, folder: string): Promise<void> {
  const sessions = sessionsOf(page)
  if (sessions.length === 0) throw new Error(`${page} runs nothing`)
  for (const { program, output } of sessions) {
    const { stdout } = await bench.run(process.execPath, [program], folder)
    if (shape(stdout) !== shape(output)) throw new Error(`${program} printed\n${stdout}\nand not\n${output}`)
  }
}

function sessionsOf(path: string): { program: string; output: string }[] {
  const { blocks } = pageOf(path, readFileSync(join(ROOT, path), 'utf8'))
  return blocks
    .flatMap(({ text }) => text.split(/^\$ node /m).slice(1))
    .map((session) => {
      const [program = '', ...output] = session.split('\n')
      return { program, output: output.join('\n') }
    })
}

/** What is shown, whatever the machine: times and counts differ. */
function shape(output: string): string {
  return output.trim().replaceAll(/\d[\d.]*(?: ?m?s\b)?/g, '#')
}
