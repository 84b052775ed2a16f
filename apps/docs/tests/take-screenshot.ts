/** Draws the first page of the built site for the README. */
import { join } from 'node:path'
import { chromium } from 'playwright-core'
import { findChromium } from '../../express/src/chromium.ts'
import { ROOT } from '../src/repository.ts'
import { SITE } from './built-site.ts'
import { StaticServer } from './static-server.ts'

const executablePath = findChromium()
if (executablePath === undefined) throw new Error('Chromium is not installed')
await using server = await StaticServer.start(SITE)
await using browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] })
const page = await browser.newPage({ viewport: { width: 1_100, height: 760 }, colorScheme: 'light' })
await page.goto(server.origin)
await page.screenshot({ path: join(ROOT, 'apps/docs/images/first-page.png') })
