/**
 * The pragmas against what is not trusted: functions and foreign keys in a schema that somebody else made, and cells
 * that point outside their page.
 */
export const HARDENING = 'PRAGMA trusted_schema = OFF; PRAGMA foreign_keys = OFF; PRAGMA cell_size_check = ON'
