import cluster from 'node:cluster'

if (cluster.isPrimary) {
  const count = Number(process.env.WORKERS ?? 2)
  for (let i = 0; i < count; i++) cluster.fork()

  let stopping = false
  cluster.on('exit', () => {
    if (!stopping) cluster.fork()
  })
  for (const signal of ['SIGTERM', 'SIGINT']) {
    process.once(signal, () => {
      stopping = true
      for (const worker of Object.values(cluster.workers)) worker.process.kill('SIGTERM')
    })
  }
} else {
  await import('./server.mjs') // each worker opens the same directory
}
