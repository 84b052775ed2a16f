import type { PublicMember } from './public-members.ts'

/** Beginnings of what is no sentence. */
const FRAGMENT = /^(Of |Those |How often it)/

/** The end of a sentence, perhaps inside a bracket, or of a block of code. */
const END = /[.:?!][)`*]*$|```$/

/** Says what is wrong with the docstring of a member, or returns `undefined`. What is inherited is judged where it stands. */
export function docstringFault({ shown, own }: Pick<PublicMember, 'shown' | 'own'>): string | undefined {
  if (shown.trim() === '') return 'has no docstring'
  const text = own.trim()
  if (text === '') return undefined
  if (FRAGMENT.test(text))
    return `has a docstring that begins with a fragment, "${text.split(' ', 3).join(' ')}"`
  return END.test(text) ? undefined : 'has a docstring that ends without a full stop'
}
