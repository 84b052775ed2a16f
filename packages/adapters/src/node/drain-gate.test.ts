import { expect, test } from 'vitest'
import { DrainGate } from './drain-gate.ts'

function listenedGate() {
  const gate = new DrainGate()
  const heard: string[] = []
  gate.listen('on', () => heard.push('on'))
  return { gate, heard }
}

test('DrainGate tells of drain when both sides can take more', () => {
  const { gate, heard } = listenedGate()
  gate.mark('client', false)
  gate.mark('watcher', false)
  gate.ready('client')
  expect([gate.isOpen, gate.isBusy('client'), gate.isBusy('watcher'), heard]).toEqual([
    false,
    false,
    true,
    [],
  ])
  gate.ready('watcher')
  expect([gate.isOpen, heard]).toEqual([true, ['on']])
})

test('DrainGate notes without a word that a side can take more', () => {
  const { gate, heard } = listenedGate()
  gate.mark('client', false)
  gate.mark('client', true)
  expect([gate.isOpen, heard]).toEqual([true, []])
})

test('DrainGate keeps listeners as an event emitter does', () => {
  const { gate, heard } = listenedGate()
  const removed = () => heard.push('removed')
  gate.listen('once', () => heard.push('once'))
  gate.listen('prependListener', () => heard.push('first'))
  gate.listen('on', removed)
  gate.listen('removeListener', removed)
  gate.ready('client')
  gate.ready('client')
  expect(heard).toEqual(['first', 'on', 'once', 'first', 'on'])
})
