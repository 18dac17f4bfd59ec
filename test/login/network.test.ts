import assert from 'node:assert/strict';
import { test } from 'node:test';
import { familyOf, isLocalAddress, NetworkList, networkOf, normaliseAddress } from '../../runtime/login/network.ts';

test('every spelling of an address becomes one', () => {
  assert.equal(normaliseAddress('::ffff:192.0.2.7'), '192.0.2.7');
  assert.equal(normaliseAddress('0:0:0:0:0:0:0:1'), '::1');
  assert.equal(normaliseAddress('2001:DB8:0:0::7'), '2001:db8::7');
  assert.equal(normaliseAddress('192.0.2.7'), '192.0.2.7');
  assert.equal(normaliseAddress('no address: at all'), 'no address: at all');
});

test('loopback and unknown clients are local', () => {
  for (const address of ['127.0.0.1', '::1', '']) assert.equal(isLocalAddress(address), true, address);
  assert.equal(isLocalAddress('192.0.2.7'), false);
});

test('a network is the address with its host bits cleared', () => {
  assert.equal(networkOf('192.0.2.7', 32), '192.0.2.7/32');
  assert.equal(networkOf('192.0.2.7', 24), '192.0.2.0/24');
  assert.equal(networkOf('203.0.113.255', 25), '203.0.113.128/25');
  assert.equal(networkOf('203.0.113.255', 1), '128.0.0.0/1');
  assert.equal(networkOf('2001:db8:1:2::7', 64), '2001:db8:1:2::/64');
});

test('text that is no address has no family', () => {
  assert.equal(familyOf('192.0.2.7'), 4);
  assert.equal(familyOf('2001:db8::7'), 6);
  assert.equal(familyOf('300.0.0.1'), undefined);
  assert.equal(familyOf('mail.example.test'), undefined);
});

test('a list contains its addresses and what lies in its networks', () => {
  const list = new NetworkList(['192.0.2.7', '10.0.0.0/8', '2001:db8::/32', '0:0:0:0:0:0:0:1', 'nonsense']);
  for (const inside of ['192.0.2.7', '10.200.0.1', '2001:db8::5', '::1'])
    assert.equal(list.contains(inside), true, inside);
  for (const outside of ['192.0.2.8', '11.0.0.1', '2001:db9::5', '', 'nonsense']) {
    assert.equal(list.contains(outside), false, outside);
  }
});
