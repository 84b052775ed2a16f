import { mkdtempSync } from 'node:fs'
import { SCHEMA_CASES } from './hostile/schema-cases.ts'
import { craft, makeCache } from './hostile/raw-database.ts'
import { exercise } from './hostile/exercise.ts'
for (const ops of [[['expire']],[['get','key']],[['clear']]]) {
for (const [what,extra] of [['Cache with a rowid that is not unique',''],['Cache with a generated value of 1 GB',"INSERT INTO Cache (key, raw, mode) VALUES ('key', 1, 1)"]]) {
  const d = mkdtempSync('/tmp/zz-'); makeCache(d)
  craft(d, db => { db.exec(SCHEMA_CASES.find(c=>c.what===what)!.sql); db.exec(extra!); if (ops[0][0]==='clear') { try {db.exec("update Cache set rowid=5")} catch {} } console.log(db.prepare("select rowid,key,expire_time,typeof(expire_time) from Cache").all()) })
  console.log('=====',what)
  for (const o of await exercise({directory:d, operations: ops as any}, (op)=>{console.log(op)})) console.log(JSON.stringify(o).slice(0,220))
}}
