import { DeclarationReflection, type ProjectReflection, ReferenceReflection, ReflectionKind } from 'typedoc'
import type { MarkdownApplication, MarkdownThemeContext } from 'typedoc-plugin-markdown'
import { HOME } from '../repository.ts'

const INTRODUCTION = `Every export of every package, from the comments in the source. What belongs together, with examples, is in the guides. \`@diskcache/core/sqlite\`, the engine of caches on disk, is left out: it is for authors of engines, who read [the source](${HOME}/tree/main/packages/core/src/sqlite).`

/** Adds to each page of the reference what the generator does not know: where a symbol is exported, and its own members. */
export function addPageParts({ renderer }: MarkdownApplication): void {
  renderer.markdownHooks.on('content.begin', (context) => introduction(context))
  renderer.markdownHooks.on('content.end', (context) => membersOfFunction(context))
}

function introduction(context: MarkdownThemeContext): string {
  const { model, project } = context.page
  if (!(model instanceof DeclarationReflection)) return INTRODUCTION
  if (model.kindOf(ReflectionKind.Module)) return guideOf(model)
  const doors = [model.parent, ...doorsThatReExport(model, project)]
  const links = doors.flatMap((door) => (door ? [`[\`${door.name}\`](${context.urlTo(door)})`] : []))
  return `${ReflectionKind.singularString(model.kind)} of ${links.join(', ')}`
}

function guideOf(door: DeclarationReflection): string {
  const [, folder] = door.name.split('/')
  return `[What it is for, with examples](${HOME}/blob/main/packages/${folder}/README.md)`
}

function doorsThatReExport(
  model: DeclarationReflection,
  project: ProjectReflection,
): DeclarationReflection[] {
  const exportsIt = (child: DeclarationReflection) =>
    child instanceof ReferenceReflection && child.tryGetTargetReflectionDeep() === model
  return (project.children ?? []).filter((door) => door.children?.some(exportsIt))
}

/** Such as `getOrSet.forget`. */
function membersOfFunction({ page: { model }, partials }: MarkdownThemeContext): string {
  if (!(model instanceof DeclarationReflection) || !model.kindOf(ReflectionKind.Function)) return ''
  return partials.members(model.children ?? [], { headingLevel: 2 })
}
