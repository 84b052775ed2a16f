import { spawnSync } from 'node:child_process'
import { cpSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { engineNamed } from './engines/engines.ts'
import type { Phase } from './engines/flip-engine.ts'
import { type Snapshot, takeSnapshot } from './snapshot.ts'

const WRITER = fileURLToPath(new URL('./template-writer.ts', import.meta.url))

/** One layout of an engine, as a process left it that was killed, with its log, and as one that closed it. */
export interface Template {
  readonly layout: string
  readonly killed: Snapshot
  readonly closed: Snapshot
}

export interface TemplateWriterJob {
  readonly engine: string
  readonly layout: string
  readonly directory: string
  readonly step: Phase | 'tidy'
}

/** Makes the directories that trials are made with, in `directory`. */
export function makeTemplates(engine: string, directory: string): void {
  for (const layout of engineNamed(engine).layouts) {
    const killed = join(directory, layout, 'killed')
    const closed = join(directory, layout, 'closed')
    mkdirSync(killed, { recursive: true, mode: 0o700 })
    writeInProcess({ engine, layout, directory: killed, step: 0 })
    writeInProcess({ engine, layout, directory: killed, step: 'tidy' })
    writeInProcess({ engine, layout, directory: killed, step: 1 })
    cpSync(killed, closed, { recursive: true })
    writeInProcess({ engine, layout, directory: closed, step: 'tidy' })
  }
}

/** Reads what `makeTemplates` has made. */
export function loadTemplates(engine: string, directory: string): Template[] {
  return engineNamed(engine).layouts.map((layout) => ({
    layout,
    killed: takeSnapshot(join(directory, layout, 'killed')),
    closed: takeSnapshot(join(directory, layout, 'closed')),
  }))
}

function writeInProcess(job: TemplateWriterJob): void {
  const { status, signal, stderr } = spawnSync(process.execPath, [WRITER, JSON.stringify(job)], {
    encoding: 'utf8',
  })
  if (job.step === 'tidy' ? status !== 0 : signal !== 'SIGKILL')
    throw new Error(`Cannot write the template ${job.layout}: ${signal ?? status} ${stderr}`)
}
