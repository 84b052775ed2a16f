import cluster from 'node:cluster'

if (cluster.isPrimary) {
  const count = Number(process.env.WORKERS ?? 2)
  for (let i = 0; i < count; i++) cluster.fork()

  let stopping = false
  cluster.on('exit', () => {
    if (!stopping) cluster.fork()
  })
  const signals = ['SIGTERM', 'SIGINT']
  const stop = () => {
    for (const signal of signals) process.off(signal, stop) // a second signal ends it at once
    stopping = true
    for (const worker of Object.values(cluster.workers)) worker.process.kill('SIGTERM')
  }
  for (const signal of signals) process.on(signal, stop)
} else {
  process.on('SIGTERM', () => {}) // after Ctrl+C, which workers get too, that of the primary ends nothing
  await import('./server.mjs') // each worker opens the same directory
}
