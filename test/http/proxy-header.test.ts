import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { parseProxyHeader } from '../../runtime/http/proxy-header.ts';

const V2 = [0x0d, 0x0a, 0x0d, 0x0a, 0x00, 0x0d, 0x0a, 0x51, 0x55, 0x49, 0x54, 0x0a];

const ipv4 = Buffer.from([...V2, 0x21, 0x11, 0, 12, 192, 0, 2, 7, 10, 0, 0, 1, 0x12, 0x67, 0, 143]);
const ipv6 = Buffer.concat([
  Buffer.from([...V2, 0x21, 0x21, 0, 39, 0x20, 0x01, 0x0d, 0xb8]),
  Buffer.from([...new Array(11).fill(0), 7, ...new Array(16).fill(0), 0, 99, 0, 143, 4, 0, 0]),
]);
const local = Buffer.from([...V2, 0x20, 0, 0, 0]);

test('addresses of both versions and families are read', () => {
  const cases: readonly [Buffer, { ip: string; port: string } | undefined][] = [
    [ipv4, { ip: '192.0.2.7', port: '4711' }],
    [ipv6, { ip: '2001:db8:0:0:0:0:0:7', port: '99' }],
    [local, undefined],
    [Buffer.from('PROXY TCP4 192.0.2.7 10.0.0.1 4711 143\r\n'), { ip: '192.0.2.7', port: '4711' }],
    [Buffer.from('PROXY TCP6 2001:db8::7 ::1 4711 143\r\n'), { ip: '2001:db8::7', port: '4711' }],
    [Buffer.from('PROXY UNKNOWN\r\n'), undefined],
    [Buffer.from('PROXY UNKNOWN ffff::1 ffff::2 1 2\r\n'), undefined],
  ];
  for (const [bytes, peer] of cases) {
    const rest = Buffer.concat([bytes, Buffer.from('GET / HTTP/1.1\r\n')]);
    assert.deepEqual(parseProxyHeader(rest), { kind: 'header', length: bytes.length, peer });
    for (let cut = 0; cut < bytes.length; cut++) {
      assert.equal(parseProxyHeader(bytes.subarray(0, cut)).kind, 'more', `cut at ${cut}`);
    }
  }
});

test('everything else is invalid at once', () => {
  const texts = [
    'GET / HTTP/1.1\r\n',
    'PROXY TCP4 192.0.2.7 10.0.0.1 4711\r\n',
    'PROXY TCP4 2001:db8::7 ::1 4711 143\r\n',
    'PROXY TCP4 192.0.2.7 10.0.0.1 70000 143\r\n',
    'PROXY TCP4 192.0.2.7 10.0.0.1 4711 143 9\r\n',
    'PROXY UDP4 192.0.2.7 10.0.0.1 4711 143\r\n',
    `PROXY ${'x'.repeat(200)}`,
  ];
  for (const text of texts) assert.equal(parseProxyHeader(Buffer.from(text)).kind, 'invalid', text);
  const broken = [
    [0x11, 0x11, 0, 12],
    [0x22, 0x11, 0, 12],
    [0x21, 0x11, 0, 11, ...new Array(11).fill(0)],
    [0x21, 0x21, 0, 12, ...new Array(12).fill(0)],
    [0x21, 0x11, 0xff, 0xff],
  ];
  for (const rest of broken)
    assert.equal(parseProxyHeader(Buffer.from([...V2, ...rest])).kind, 'invalid', String(rest));
});

test('no bytes make it throw or read past its end', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), fc.boolean(), (bytes, signed) => {
      const sent = Buffer.from(signed ? [...V2, ...bytes] : bytes);
      const header = parseProxyHeader(sent);
      return header.kind !== 'header' || header.length <= sent.length;
    }),
  );
});
