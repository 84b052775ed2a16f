import { engineNamed } from './engines/engines.ts'
import type { TemplateWriterJob } from './template.ts'

const { engine, layout, directory, step } = JSON.parse(process.argv[2] ?? '') as TemplateWriterJob

if (step === 'tidy') await engineNamed(engine).tidy(layout, directory)
else {
  await engineNamed(engine).write(layout, directory, step)
  // The log stays, as it does when a machine loses its power.
  process.kill(process.pid, 'SIGKILL')
}
