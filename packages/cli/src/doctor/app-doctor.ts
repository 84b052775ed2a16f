import { appEngine } from './app/app-engine.ts'
import { copies } from './app/copies.ts'
import type { Application } from './app/installed-packages.ts'
import type { Examination } from './findings/ailment.ts'

/** All that the doctor looks at in an application. */
export const APP_EXAMINATIONS: readonly Examination<Application>[] = [copies, appEngine]
