/** A fenced code block of a Markdown file. */
export type Block = {
  readonly path: string
  /** Line of the opening fence, counted from 1. */
  readonly line: number
  readonly language: string
  /** What follows the language on the opening fence. */
  readonly words: readonly string[]
  readonly text: string
  readonly closed: boolean
}

/** Blocks inside lists and quotations count too; a fence that is never closed runs to the end of the file. */
export function extractBlocks(path: string, markdown: string): Block[] {
  const lines = markdown.split(/\r?\n/)
  const blocks: Block[] = []
  for (let at = 0; at < lines.length; at++) {
    const opening = /^(?<indent>[\s>]*)(?<fence>`{3,}|~{3,})(?<info>[^`]*)$/.exec(lines[at]!)?.groups
    if (!opening) continue

    const { indent, fence, info } = opening as { indent: string; fence: string; info: string }
    const start = at + 1
    while (++at < lines.length && !closes(lines[at]!, fence));
    const [language = '', ...words] = info.split(/\s+/).filter(Boolean)
    const text = lines.slice(start, at).map((line) => withoutIndent(line, indent.length))
    blocks.push({ path, line: start, language, words, text: text.join('\n'), closed: at < lines.length })
  }
  return blocks
}

function closes(line: string, fence: string): boolean {
  const marks = line.replace(/^[\s>]*/, '').trimEnd()
  return marks.length >= fence.length && marks === fence[0]!.repeat(marks.length)
}

function withoutIndent(line: string, width: number): string {
  const indent = /^[\s>]*/.exec(line)![0]
  return line.slice(Math.min(indent.length, width))
}
