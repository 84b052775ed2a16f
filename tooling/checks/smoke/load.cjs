const assert = require('node:assert/strict')

for (const entry of process.argv.slice(2)) {
  const names = Object.keys(require(entry))
  assert.ok(names.length > 0, `${entry} exports nothing`)
}
