import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { type PackedPackage, packPackages } from '../packed-package.ts'
import { type CommandResult, runCommand } from '../run-command.ts'
import { firstUser } from './first-user.ts'
import { neededPackages } from './needed-packages.ts'
import { applicationFiles, type PackageManager } from './package-manager.ts'

/** An application outside this repository. */
export interface Application {
  readonly title: string
  readonly manager: PackageManager
  /** Packages of this repository, by name. */
  readonly ours: readonly string[]
  /** All others, and their versions. */
  readonly others?: Readonly<Record<string, string>>
  /** Folders of programs, beside `src`, that it has. */
  readonly programs?: readonly string[]
  /** Words after `install`; none but where a check says why. */
  readonly words?: readonly string[]
}

export interface Installed extends CommandResult {
  readonly folder: string
}

/** Holds the packed packages, and what was installed from them, so that checks share both. Everything is removed in the end. */
export class Workbench implements Disposable {
  readonly folder: string
  readonly packages: readonly PackedPackage[]
  readonly #env = firstUser(process.env)
  readonly #made = new Map<string, Promise<unknown>>()

  private constructor(folder: string, packages: readonly PackedPackage[]) {
    this.folder = folder
    this.packages = packages
  }

  /** Packs the packages below `root`, which have to be built. */
  static async open(root: string): Promise<Workbench> {
    const folder = mkdtempSync(join(tmpdir(), 'diskcache-smoke-'))
    try {
      return new Workbench(folder, await packPackages(root, folder))
    } catch (error) {
      rmSync(folder, { recursive: true, force: true })
      throw error
    }
  }

  /** Installs the application, at the first call with this title. Rejects when that fails, at every call. */
  install(application: Application): Promise<Installed> {
    return this.once(application.title, () => this.#install(application))
  }

  /** Runs a program, as a user would. */
  run(command: string, words: readonly string[], directory: string): Promise<CommandResult> {
    return runCommand(command, words, directory, this.#env)
  }

  /** Gives what `make` gave for this title at the first call. */
  once<T>(title: string, make: () => Promise<T>): Promise<T> {
    const made = this.#made.get(title) ?? make()
    this.#made.set(title, made)
    return made as Promise<T>
  }

  [Symbol.dispose](): void {
    rmSync(this.folder, { recursive: true, force: true })
  }

  async #install({
    title,
    manager,
    ours,
    others = {},
    programs = [],
    words = [],
  }: Application): Promise<Installed> {
    const folder = join(this.folder, title.replaceAll(/\W+/g, '-'))
    mkdirSync(folder)
    for (const name of programs) {
      cpSync(resolve(import.meta.dirname, '../..', name), folder, { recursive: true })
    }
    const tarballs = this.#tarballs(ours)
    const wanted = Object.fromEntries(ours.map((name) => [name, tarballs[name]!]))
    const files = applicationFiles(manager, { ...wanted, ...others }, tarballs)
    for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content)
    const [command, ...before] = manager.command
    return { folder, ...(await this.run(command!, [...before, 'install', ...words], folder)) }
  }

  #tarballs(names: readonly string[]): Record<string, string> {
    const needed = neededPackages(names, this.packages)
    return Object.fromEntries(needed.map(({ name, tarball }) => [name, `file:${tarball}`]))
  }
}
