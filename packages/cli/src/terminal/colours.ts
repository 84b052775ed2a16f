import { styleText } from 'node:util'

/** A style of `node:util`, such as `bold`. */
export type Style = Parameters<typeof styleText>[0]

/**
 * Returns a text in a style where it goes to a terminal, and as it is in a pipe, with `NO_COLOR`, and after
 * {@link withoutColours}.
 */
export function paint(style: Style, text: string, stream: NodeJS.WriteStream = process.stdout): string {
  return styleText(style, text, { stream })
}

/** Takes the colours away, of libraries as well; for `--no-color`. */
export function withoutColours(): void {
  process.env.NO_COLOR = '1'
  delete process.env.FORCE_COLOR
}
