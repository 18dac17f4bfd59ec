/** Lines of progress bars. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Bar } from '../../runtime/modules/gll-pb/bar.ts';
import { readTemplate, TemplateError } from '../../runtime/modules/gll-pb/template.ts';

function lineOf(template: string, total: number, steps: number): string {
  const bar = new Bar(total, { template: readTemplate(template), refreshMs: 60_000, toStdout: false });
  for (let i = 0; i < steps; i++) bar.increment();
  return bar.line();
}

test('the elements of a template', () => {
  assert.equal(lineOf('[x] {{ counters . }} {{percent .}}{{ string . "p" }}', 4, 1), '[x] 1 / 4 25.00%');
  assert.equal(lineOf('{{ green "go" }} {{ cycle . "-" "+" }} {{ counters . }}', 0, 2), 'go - 2');
  assert.equal(lineOf('{{ etime . }} {{ rtime . "ETA %s" }}', 2, 2), '0s 0s');
});

test('the bar takes the room that the others leave', () => {
  const line = lineOf('simple', 3, 1);
  assert.equal(line.length, 100);
  assert.match(line, /^1 \/ 3 \[-+>_+\] 33\.33%$/);
  assert.match(lineOf('{{ bar . }}', 3, 3), /^\[-{98}\]$/);
});

test('a template that is none is an error', () => {
  assert.throws(() => readTemplate('{{'), new TemplateError('template: :1: unclosed action'));
  assert.throws(() => readTemplate('{{ nosuch . }}'), new TemplateError('template: :1: function "nosuch" not defined'));
});
