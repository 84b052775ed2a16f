import 'reflect-metadata'
import { Logger } from '@nestjs/common'
import { NestFactory } from '@nestjs/core'
import { AppModule } from './app-module.ts'
import { Settings } from './settings.ts'

async function bootstrap(): Promise<void> {
  const application = await NestFactory.create(AppModule)
  // Closes the server, then the stores; the process exits with 0.
  application.enableShutdownHooks(['SIGTERM', 'SIGINT'], { useProcessExit: true })
  await application.listen(application.get(Settings).port, '127.0.0.1')
  Logger.log(`Listening on ${await application.getUrl()}`, 'bootstrap')
}

bootstrap()
