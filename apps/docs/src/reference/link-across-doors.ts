import { type CommentDisplayPart, type ProjectReflection, Reflection } from 'typedoc'

/**
 * Completes each `{@link …}` that the generator could not follow and that names an export of any door: a comment which
 * a class of one package has from an interface of another names what is exported there.
 */
export function linkAcrossDoors(project: ProjectReflection): void {
  const comments = Object.values(project.reflections).flatMap(({ comment }) => comment ?? [])
  for (const { summary, blockTags } of comments) {
    for (const part of [...summary, ...blockTags.flatMap(({ content }) => content)])
      completeLink(part, project)
  }
}

function completeLink(part: CommentDisplayPart, { children = [] }: ProjectReflection): void {
  if (part.kind !== 'inline-tag' || part.tag !== '@link' || part.target instanceof Reflection) return
  const names = part.text.split('.')
  const target = children
    .map((door) => door.getChildByName(names))
    .find((reflection) => reflection !== undefined)
  if (target) part.target = target
}
