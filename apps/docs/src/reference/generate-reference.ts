/** Writes the reference of every export, from the docstrings, as pages of this site: into `apps/docs/reference`. */
import { join, posix } from 'node:path'
import { Application, Comment, Converter, type ProjectReflection, type TypeDocOptions } from 'typedoc'
import { type MarkdownApplication, MarkdownPageEvent, type PluginOptions } from 'typedoc-plugin-markdown'
import { HOME, ROOT } from '../repository.ts'
import { type Door, referenceDoors } from './doors.ts'
import { linkAcrossDoors } from './link-across-doors.ts'
import { addPageParts } from './page-parts.ts'
import { NAVIGATION_FILE, REFERENCE_FOLDER } from './reference-folder.ts'
import { tidyModel } from './tidy-model.ts'
import { tidyPage } from './tidy-page.ts'

const OPTIONS: Partial<TypeDocOptions & PluginOptions> = {
  name: 'Reference',
  basePath: ROOT,
  displayBasePath: ROOT,
  readme: 'none',
  tsconfig: join(ROOT, 'apps/docs/tsconfig.reference.json'),
  plugin: ['typedoc-plugin-markdown'],
  out: REFERENCE_FOLDER,
  entryFileName: 'index',
  excludeScopesInPaths: true,
  navigationJson: NAVIGATION_FILE,
  navigationModel: { excludeGroups: true },
  logLevel: 'Warn',
  // `pnpm run types` looks for errors.
  skipErrorChecking: true,
  excludeExternals: true,
  excludePrivate: true,
  disableGit: true,
  gitRevision: 'main',
  sourceLinkTemplate: `${HOME}/blob/{gitRevision}/{path}#L{line}`,
  validation: { invalidLink: true, invalidPath: true, notExported: false, notDocumented: false },
  hideBreadcrumbs: true,
  hidePageHeader: true,
  sanitizeComments: true,
  useCodeBlocks: true,
  expandParameters: true,
  parametersFormat: 'table',
  indexFormat: 'table',
  pageTitleTemplates: {
    index: '{projectName}',
    module: '{name}',
    member: ({ rawName }) => rawName.replace(/<.*/, ''),
  },
}

/** Fails when a `{@link …}` leads nowhere. */
export async function generateReference(): Promise<void> {
  const doors = referenceDoors(ROOT)
  const entryPoints = doors.map(({ source }) => join(ROOT, source))
  const app = (await Application.bootstrapWithPlugins({ ...OPTIONS, entryPoints })) as MarkdownApplication
  app.converter.on(Converter.EVENT_RESOLVE_BEGIN, ({ project }) => nameDoors(project, doors))
  app.converter.on(Converter.EVENT_RESOLVE_END, ({ project }) => tidyModel(project))
  app.renderer.on(MarkdownPageEvent.END, (page) => {
    page.contents = tidyPage(page.contents)
  })
  addPageParts(app)
  const project = await app.convert()
  if (!project) throw new Error('the sources of the packages could not be read')
  linkAcrossDoors(project)
  app.validate(project)
  await app.generateOutputs(project)
  if (app.logger.hasErrors() || app.logger.hasWarnings()) throw new Error('the reference has broken links')
}

/** The generator names a door after the folder of its source, and knows nothing of it. */
function nameDoors(project: ProjectReflection, doors: readonly Door[]): void {
  for (const child of project.children ?? []) {
    const door = doors.find(({ source }) => posix.dirname(source) === child.name)
    if (!door) continue
    child.name = door.name
    child.comment ??= new Comment([{ kind: 'text', text: `${door.description}.` }])
  }
}

if (import.meta.main) await generateReference()
