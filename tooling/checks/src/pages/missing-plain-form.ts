import type { Page } from './documentation-page.ts'

/** `using` and `await using`, which Node 22 does not know. */
const USING = /^\s*(?:await )?using \w/m

export function hasUsing(program: string): boolean {
  return USING.test(program)
}

/** Why a user of Node 22 is left alone with the examples of the page, or undefined. */
export function missingPlainForm({ blocks, markdown }: Page): string | undefined {
  const first = blocks.find(({ text }) => hasUsing(text))
  if (!first) return
  const plain = blocks.some(({ text }) => /\bfinally\b/.test(text) && !hasUsing(text))
  if (!plain || !markdown.includes('Node 22'))
    return `line ${first.line} has "using"; say what to write on Node 22, with try and finally`
}
