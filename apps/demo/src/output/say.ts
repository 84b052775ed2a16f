import wrapAnsi from 'wrap-ansi'

/** Prints text whose lines end between words on a terminal, and anywhere else as they are. */
export function say(text: string, output: NodeJS.WriteStream = process.stdout): void {
  output.write(`${output.isTTY ? wrapAnsi(text, output.columns, { trim: false }) : text}\n`)
}
