/** Log lines: format, levels, order of pairs, secrets. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { describe, it } from 'node:test';
import { Secret } from '../../runtime/config/index.ts';
import { createLog, type LogFields, type LogPairs } from '../../runtime/services/index.ts';
import { keepLines, testClock } from './base.ts';

type Options = Parameters<typeof createLog>[0];

function open(options: Partial<Options> = {}) {
  const sink = keepLines();
  const clock = testClock();
  const defaults: Options = { json: false, color: false, level: 'debug', debug_modules: ['all'], instance: 'test' };
  return { log: createLog({ ...defaults, ...options }, { clock, sink }), lines: sink.lines, clock };
}

/** What follows `instance=test ` in the line of these pairs. */
function rest(fields: LogFields, more?: LogPairs): string {
  const { log, lines } = open();
  log.info(fields, more);
  return lines[0]?.split('instance=test ')[1] ?? assert.fail('no line');
}

describe('a logfmt line', () => {
  it('begins with level, time, caller and instance', () => {
    const { log, lines, clock } = open();
    clock.advance(0.25);
    log.named('features').warn({ msg: 'x' });
    const ts = '\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:00\\.00025(Z|[+-]\\d\\d:\\d\\d)';
    assert.match(lines[0] ?? '', new RegExp(`^level=warn ts=${ts} caller=features instance=test msg=x\\n$`));
  });

  it('quotes what has blanks, quotes, equal signs or control characters, and nothing else', () => {
    assert.equal(
      rest({ a: 'plain', b: 'two words', c: 'x=y', d: 'say "hi"', e: 'line\nend\t\u0001\u007f', f: 'päß', g: '' }),
      'a=plain b="two words" c="x=y" d="say \\"hi\\"" e="line\\nend\\t\\u0001\\u007f" f=päß g=\n',
    );
  });

  it('tells a missing value from the word null', () => {
    assert.equal(rest({ a: null, b: undefined, c: 'null', d: 1.5, e: true }), 'a=null b=null c="null" d=1.5 e=true\n');
  });

  it('drops blanks, quotes and equal signs from keys', () => {
    assert.equal(
      rest({}, [
        ['rbl AbusiX AuthBL', 6],
        ['a="b"', 1],
        [' ', 2],
      ]),
      'rblAbusiXAuthBL=6 ab=1\n',
    );
  });

  it('keeps order and repetitions of additional pairs', () => {
    assert.equal(
      rest({ z: 1, a: 2 }, [
        ['b', 1],
        ['a', 3],
        ['b', 2],
      ]),
      'z=1 a=2 b=1 a=3 b=2\n',
    );
  });

  it('colours only the level, and only when asked', () => {
    const { log, lines } = open({ color: true });
    log.error({ msg: 'x' });
    const [level = '', ...others] = (lines[0] ?? '').split(' ');
    assert.equal(level, 'level=\u001b[31merror\u001b[0m');
    assert.ok(!others.join(' ').includes('\u001b'));
  });
});

describe('a JSON line', () => {
  it('has sorted keys, the last of equal ones, and values with their types', () => {
    const { log, lines } = open({ json: true });
    log.info({ z: 1, flag: true, none: null, text: 'ü "x"' }, [
      ['z', 2],
      ['__proto__', 'p'],
    ]);
    const line = JSON.parse(lines[0] ?? '');
    const { ts, ...others } = line;
    assert.match(ts, /^\d{4}-/);
    assert.deepEqual(
      { ...others },
      {
        ['__proto__']: 'p',
        caller: 'nauthilus',
        flag: true,
        instance: 'test',
        level: 'info',
        none: null,
        text: 'ü "x"',
        z: 2,
      },
    );
    assert.deepEqual(Object.keys(line), [...Object.keys(line)].sort());
  });
});

describe('levels', () => {
  const levelsOf = (options: Partial<Options>): string[] => {
    const { log, lines } = open(options);
    log.error({});
    log.warn({});
    log.info({});
    log.debug('lua', {});
    log.debug('rbl', {});
    return lines.map((line) => /level=(\w+)/.exec(line)?.[1] ?? '');
  };

  it('write what is as important or more', () => {
    assert.deepEqual(levelsOf({ level: 'none' }), []);
    assert.deepEqual(levelsOf({ level: 'error' }), ['error']);
    assert.deepEqual(levelsOf({ level: 'warn' }), ['error', 'warn']);
    assert.deepEqual(levelsOf({ level: 'info' }), ['error', 'warn', 'info']);
    assert.deepEqual(levelsOf({ level: 'debug' }), ['error', 'warn', 'info', 'debug', 'debug']);
  });

  it('let debug lines through for chosen modules only, and name the module', () => {
    const { log, lines } = open({ debug_modules: ['lua'] });
    log.debug('rbl', { msg: 'no' });
    log.debug('lua', { msg: 'yes' });
    assert.equal(lines.length, 1);
    assert.match(lines[0] ?? '', /msg=yes debug_module=lua function=nauthilus\n$/);
    assert.equal(log.isEnabled('debug', 'rbl'), false);
    assert.equal(log.isEnabled('debug', 'lua'), true);
    assert.equal(open({ debug_modules: [] }).log.isEnabled('debug', 'lua'), false);
  });
});

describe('secrets', () => {
  it('are never printed, neither wrapped nor under their usual names', () => {
    assert.equal(
      rest({ nonce: new Secret('canary'), password: 'canary', Bind_PW: 'canary' }),
      'nonce=*** password=*** Bind_PW=***\n',
    );
  });

  it('of one login are removed from all values of its lines', () => {
    const { log, lines } = open();
    log.hiding(new Secret('canary-42')).info({ error: 'near "canary-42" canary-42' }, [['custom', 'x canary-42']]);
    assert.ok(!lines[0]?.includes('canary'));
    assert.match(lines[0] ?? '', /custom="x \*\*\*"/);
  });

  it('too short to hide do not blot out other text', () => {
    const { log, lines } = open();
    log.hiding(new Secret('a')).info({ msg: 'banana' });
    assert.match(lines[0] ?? '', /msg=banana/);
  });
});

describe('standard output', () => {
  const program = (body: string): string => {
    const url = (path: string) => JSON.stringify(new URL(path, import.meta.url).href);
    return `
      import { createLog, systemClock } from ${url('../../runtime/services/index.ts')};
      const log = createLog({ json: false, color: false, level: 'info', debug_modules: [], instance: 'x' }, { clock: systemClock });
      for (let i = 0; i < 2000; i++) log.info({ i, text: 'x'.repeat(100) });
      ${body}`;
  };
  const run = (body: string) =>
    spawnSync(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', program(body)], { encoding: 'utf8' });

  it('gets every line when the log is closed', () => {
    const { stdout } = run('await log.close();');
    assert.equal(stdout.trim().split('\n').length, 2000);
  });

  it('gets every line when the process exits at once', () => {
    const { stdout } = run('process.exit(0);');
    assert.equal(stdout.trim().split('\n').length, 2000);
  });
});
