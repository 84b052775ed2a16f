import type { DynamicModule, InjectionToken } from '@nestjs/common'
import { Controller, Inject, Injectable, Module } from '@nestjs/common'

type AnyDecorator = (target: never, name: never, descriptor: never) => unknown

/** Decorates a method as `@first @second method() {}` does: Node and vitest have no syntax for legacy decorators. */
export function decorate(target: object, name: string, ...decorators: readonly AnyDecorator[]): void {
  for (const decorator of decorators.toReversed()) {
    const descriptor = Object.getOwnPropertyDescriptor(target, name)
    const decorated = Reflect.apply(decorator, undefined, [target, name, descriptor]) ?? descriptor
    Object.defineProperty(target, name, decorated as PropertyDescriptor)
  }
}

export function decorateParameter(
  target: object,
  name: string,
  index: number,
  decorator: ParameterDecorator,
) {
  decorator(target, name, index)
}

/** Makes the class injectable, with these as the parameters of its constructor. */
export function injectable(type: object, ...tokens: readonly InjectionToken[]): void {
  Injectable()(type as never)
  tokens.forEach((token, index) => {
    Inject(token)(type, undefined, index)
  })
}

export function controller(path: string, type: object, ...tokens: readonly InjectionToken[]): void {
  Controller(path)(type as never)
  tokens.forEach((token, index) => {
    Inject(token)(type, undefined, index)
  })
}

/** A module class of its own. */
export function moduleOf(metadata: Omit<DynamicModule, 'module'>): object & (new () => object) {
  class TestModule {}
  Module(metadata)(TestModule)
  return TestModule
}
