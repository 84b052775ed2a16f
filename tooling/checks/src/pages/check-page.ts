import { brokenLinks } from './broken-links.ts'
import type { Page } from './documentation-page.ts'
import { missingPlainForm } from './missing-plain-form.ts'
import { stalePaths } from './stale-paths.ts'
import { wrongInstallLines } from './wrong-install-lines.ts'

/** Why the page as a whole cannot stand in the documentation, or undefined. */
export function checkPage(page: Page, root: string): string | undefined {
  const plain = missingPlainForm(page)
  const problems = [
    ...brokenLinks(page, root),
    ...stalePaths(page, root),
    ...wrongInstallLines(page, root),
    ...(plain ? [plain] : []),
  ]
  return problems.length > 0 ? problems.join('\n     ') : undefined
}
