module.exports = {
  apps: [
    {
      name: 'app',
      script: './server.mjs',
      exec_mode: 'cluster',
      instances: 2,
      wait_ready: true,
      kill_timeout: 10_000, // milliseconds from SIGINT to SIGKILL; 1,600 unless given
      env: { NODE_ENV: 'production', CACHE_DIRECTORY: `${__dirname}/cache-directory` },
    },
  ],
}
