import {
  Comment,
  CommentTag,
  DeclarationReflection,
  type ProjectReflection,
  ReferenceType,
  type Reflection,
  ReflectionKind,
  SignatureReflection,
} from 'typedoc'

/** Takes away what a reader does not look for, and makes one list of the errors that a method throws. */
export function tidyModel(project: ProjectReflection): void {
  const reflections = Object.values(project.reflections)
  for (const reflection of reflections.filter(hasCommentOfParent)) delete reflection.comment
  for (const reflection of reflections) {
    forgetOrigin(reflection)
    if (reflection.comment) reflection.comment.blockTags = withOneTag(reflection.comment, '@throws')
  }
}

/** That a method implements the one of the interface is told once, at the head of the class. */
function forgetOrigin(reflection: Reflection): void {
  if (!(reflection instanceof DeclarationReflection || reflection instanceof SignatureReflection)) return
  delete reflection.implementationOf
  delete reflection.overwrites
}

/** What an interface without a comment has is that of the one which it extends. */
function hasCommentOfParent(reflection: Reflection): boolean {
  if (!(reflection instanceof DeclarationReflection && reflection.kindOf(ReflectionKind.ClassOrInterface)))
    return false
  const text = textOf(reflection)
  const parents = reflection.extendedTypes?.map((type) => type instanceof ReferenceType && type.reflection)
  return text !== undefined && (parents ?? []).some((parent) => parent && textOf(parent) === text)
}

function textOf({ comment }: Reflection): string | undefined {
  return comment && Comment.combineDisplayParts(comment.summary)
}

function withOneTag({ blockTags }: Comment, name: `@${string}`): CommentTag[] {
  const [first, ...others] = blockTags.filter(({ tag }) => tag === name)
  if (!first || others.length === 0) return blockTags
  const items = [first, ...others].flatMap(({ content }) => [
    { kind: 'text' as const, text: '\n- ' },
    ...content,
  ])
  const list = new CommentTag(name, items)
  return blockTags.flatMap((tag) => (tag === first ? [list] : tag.tag === name ? [] : [tag]))
}
