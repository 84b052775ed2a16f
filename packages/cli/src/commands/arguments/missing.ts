import { escapeControls } from '../../terminal/escape.ts'
import { ExitCode } from '../../terminal/failure.ts'
import { remark } from '../../terminal/output.ts'

/** Tells that a key is not there, or has expired. */
export function missing(key: string): void {
  remark(`diskcache: there is no entry ${escapeControls(JSON.stringify(key))}`)
  process.exitCode = ExitCode.found
}
