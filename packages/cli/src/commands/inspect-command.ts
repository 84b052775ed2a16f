import { type Command, InvalidArgumentError, Option } from 'commander'
import { LoopbackDoor, type LoopbackPlace } from '../inspector/server/http/loopback-door.ts'
import { type InspectedTarget, inspectTarget } from '../inspector/server/inspect-target.ts'
import { escapeControls } from '../terminal/escape.ts'
import { Failure } from '../terminal/failure.ts'
import { onInterruption } from '../terminal/interruption.ts'
import { print, remark } from '../terminal/output.ts'
import { withExamples } from './arguments/examples.ts'
import { readSecret, secretFileOption } from './arguments/secret-file.ts'
import { takesTarget } from './arguments/with-target.ts'
import { openBrowser } from './open-browser.ts'

interface InspectOptions extends LoopbackPlace {
  readonly readonly: boolean
  readonly open: boolean
  readonly secretFile?: readonly string[]
}

/** Adds `inspect`: a page that shows what is in a store, for this machine alone. */
export function addInspect(program: Command): void {
  const command = takesTarget(program.command('inspect'))
    .description('show a page in the browser with what is in a cache, for this machine alone')
    .addOption(
      new Option('--port <number>', 'the port to listen on').argParser(portOf).default(0, 'any free one'),
    )
    .option('--host <address>', 'an address of this machine alone', '127.0.0.1')
    .option('--readonly', 'offer no changes, and refuse them', false)
    .option('--open', 'open the page in the browser', false)
    .addOption(secretFileOption())
    .action(inspect)
  withExamples(command, [
    ['inspect ./cache', 'print the address of the page, and show it until Ctrl+C'],
    ['inspect ./cache --open', 'open it in the browser, too'],
    ['inspect ./cache --readonly', 'nothing can be changed'],
  ])
}

async function inspect(directory: string, options: InspectOptions): Promise<void> {
  const { readonly, open, secretFile = [], ...place } = options
  const inspected = await inspectTarget(directory, { readonly, secrets: secretFile.map(readSecret) })
  const door = await openDoor(inspected, place)
  // The door keeps the process alive until the user breaks off.
  onInterruption(async () => {
    await door[Symbol.asyncDispose]()
    await inspected[Symbol.asyncDispose]()
  })
  const { target, readonlyReason } = inspected
  if (readonlyReason !== undefined) remark(`Nothing can be changed: ${readonlyReason}`)
  remark(`The page of ${escapeControls(target.name)}, for whoever has its address; Ctrl+C ends it:`)
  await print(door.url)
  if (open) onInterruption(openBrowser(door.url))
}

async function openDoor(inspected: InspectedTarget, place: LoopbackPlace): Promise<LoopbackDoor> {
  try {
    return await LoopbackDoor.open(inspected.inspector, place)
  } catch (error) {
    await inspected[Symbol.asyncDispose]()
    throw new Failure(reasonOf(error as NodeJS.ErrnoException, place), { cause: error })
  }
}

function reasonOf({ code, message }: NodeJS.ErrnoException, { host, port }: LoopbackPlace): string {
  const place = `Cannot listen on ${host}, port ${port}`
  if (code === 'EADDRINUSE') return `${place}: it is in use; give another --port, or none for any free one`
  if (code === 'EACCES')
    return `${place}: this user may not; give a --port above 1023, or none for any free one`
  if (code === 'EADDRNOTAVAIL') return `${place}: this machine has no such address; leave out --host`
  return message
}

function portOf(text: string): number {
  const port = Number(text)
  if (/^\d{1,5}$/.test(text) && port <= 65_535) return port
  throw new InvalidArgumentError('expected a number from 0 to 65535')
}
