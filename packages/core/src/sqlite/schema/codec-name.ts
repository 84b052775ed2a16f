import type { SettingRow } from './settings.ts'

/** The row with the name of the codec, and the one that has it again, lest damage be taken for another codec. */
export const CODEC_ROW = 'node_disk'
export const CODEC_COPY_ROW = 'node_disk_copy'

/** Returns the names that these rows give the codec: one, none, or, when they are damaged, two. */
export function codecNames(rows: readonly SettingRow[]): SettingRow['value'][] {
  const names = rows
    .filter(({ key }) => key === CODEC_ROW || key === CODEC_COPY_ROW)
    .map(({ value }) => value)
  return [...new Set(names)]
}
