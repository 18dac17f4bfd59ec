/** Modules of newer versions of gopher-lua-libs: bit, hex, AES. Vectors are those of its own tests. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { OpenedServices } from '../../runtime/services/index.ts';
import { outputOf } from './program.ts';
import { services } from './script.ts';

let opened: OpenedServices;
before(async () => {
  opened = await services();
});
after(() => opened.close());

function printed(program: string): Promise<string> {
  return outputOf(opened, program);
}

test('bits are 32 without a sign; other numbers are refused', async () => {
  const program = `
    dynamic_loader("nauthilus_gll_bit") local bit = require("bit")
    print(bit.bnot(0), bit.bxor(4294967295, 1), bit.bor(2147483648, 1), bit.lshift(1, 32), bit.rshift(1, 40), bit.lshift(4294967295, 1))
    print(bit.bnot(4294967296)) print(bit.bor(1, -2)) print(pcall(bit.band, "1", 2))`;
  assert.equal(
    await printed(program),
    '4294967295\t4294967294\t2147483649\t0\t0\t4294967294\nnil\tint 4294967296 overflows uint32\nnil\tcannot convert negative int -2 to uint32\n' +
      "false\tbad argument #1 to '?' (number expected, got string)\n",
  );
});

test('hexadecimal streams; half a byte at the end is an error', async () => {
  const program = `
    dynamic_loader("nauthilus_gll_hex") dynamic_loader("nauthilus_gll_strings")
    local hex, strings = require("hex"), require("strings")
    print(hex.new_decoder(strings.new_reader("4c7561")):read("*a"), hex.new_decoder(strings.new_reader("4c75")):read(1))
    print(pcall(function() return hex.new_decoder(strings.new_reader("4c7")):read("*a") end))
    print(hex.decode_string("zz"))`;
  assert.equal(
    await printed(program),
    "Lua\tL\nfalse\tcase.lua:5: unexpected EOF\nnil\tencoding/hex: invalid byte: U+007A 'z'\n",
  );
});

test('AES in all modes, both ways; a changed text is an error and no crash', async () => {
  const program = `
    dynamic_loader("nauthilus_gll_crypto") local crypto = require("crypto")
    local key, data = "86e15cbc1cbf510d8f2e51d4b63a2144", "48656c6c6f20776f726c64"
    for _, row in ipairs({ { "gcm", "b6b86d581a991a652158bd10" }, { "CBC", "068bb92e032884ba8b260fa7d3a80005" }, { "CTR", "e3057fc2bf103a09a1b2c3d4e5f60718" } }) do
      local sealed = crypto.aes_encrypt_hex(row[1], key, row[2], data)
      print(sealed, crypto.aes_decrypt_hex(row[1], key, row[2], sealed))
    end
    print(crypto.aes_decrypt_hex("GCM", key, "b6b86d581a991a652158bd10", "00c4e38508a26abf7b46e8dc90a7299d5144bcf045e460c3ef6b3e"))
    print(crypto.aes_decrypt_hex("GCM", key, "b6b8", data)) print(crypto.aes_encrypt_hex("CTR", key, "b6b8", data))
    print(crypto.aes_decrypt_hex("CBC", key, "068bb92e032884ba8b260fa7d3a80005", data))
    print(crypto.aes_encrypt_hex("XYZ", key, key, data)) print(crypto.aes_encrypt_hex("GCM", "zz", key, data))
    print(pcall(function() crypto.aes_encrypt("XYZ", "", "", "") end))`;
  assert.equal(
    await printed(program),
    [
      '7ec4e38508a26abf7b46e8dc90a7299d5144bcf045e460c3ef6b3e\t48656c6c6f20776f726c64',
      'dfba6f71cce4d4b76be301b577d9f095\t48656c6c6f20776f726c640505050505',
      '138434a80bd7dcd9ee8adc\t48656c6c6f20776f726c64',
      'nil\tfailed to decrypt: cipher: message authentication failed',
      'nil\tfailed to decrypt: incorrect GCM nonce size: 2, expected: 12',
      'nil\tfailed to encrypt: invalid IV size: 2, expected: 16',
      'nil\tfailed to decrypt: ciphertext is not a multiple of block size',
      'nil\tfailed to decode params: invalid mode: XYZ',
      "nil\tfailed to decode params: failed to decode key: encoding/hex: invalid byte: U+007A 'z'",
      'false\tcase.lua:12: invalid mode: XYZ',
      '',
    ].join('\n'),
  );
});
