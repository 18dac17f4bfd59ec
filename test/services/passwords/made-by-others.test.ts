/** Hashes that the tools of Dovecot, OpenLDAP, Apache, OpenSSL, Argon2 and libxcrypt make here and now. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { after, describe, it } from 'node:test';
import { createPasswords } from '../../../runtime/services/passwords/index.ts';
import { missingProgram } from '../../servers/process.ts';
import { testBase } from '../base.ts';

const passwords = createPasswords(testBase());
after(() => passwords.close());

const UMLAUTS = Buffer.from('pä$$ wörd', 'utf8').toString('latin1');
const PLAIN = ['correct horse', UMLAUTS, 'x'.repeat(70)];

/** What a program prints for a password, which comes as an argument unless `input` says how it is read. */
function make(program: string, args: readonly string[], input?: Buffer): string {
  const { stdout, status, stderr } = spawnSync(program, args, { input, encoding: 'latin1' });
  assert.equal(status, 0, `${program} ${args.join(' ')}: ${stderr}`);
  return stdout.trim();
}

/** Programs take their arguments as UTF-8. */
const asArgument = (plain: string) => Buffer.from(plain, 'latin1').toString('utf8');

async function check(plain: string, hash: string): Promise<void> {
  assert.deepEqual(await passwords.compare(hash, plain), { kind: 'match' }, hash);
  for (const other of [`${plain}x`, plain.slice(0, -1), plain.toUpperCase()]) {
    assert.deepEqual(await passwords.compare(hash, other), { kind: 'mismatch' }, `${hash} with another password`);
  }
}

describe('doveadm pw', { skip: missingProgram('doveadm', ['--version']) }, () => {
  const pw = (scheme: string, plain: string, ...more: string[]) =>
    make('doveadm', ['pw', '-s', scheme, '-p', asArgument(plain), '-u', 'mia', ...more]);
  const quick =
    `SHA SHA1 SHA256 SHA512 SSHA SSHA256 SSHA512 SMD5 MD5 MD5-CRYPT LDAP-MD5 PLAIN-MD5 PLAIN-MD4 CRAM-MD5 HMAC-MD5
    SHA256-CRYPT SHA512-CRYPT BLF-CRYPT CRYPT PBKDF2 SCRAM-SHA-1 SCRAM-SHA-256 PLAIN CLEAR CLEARTEXT`.split(/\s+/);

  for (const scheme of quick) {
    it(`${scheme}, plain and in the encodings that it can have`, async () => {
      for (const [at, suffix] of ['', '.b64', '.hex'].entries()) {
        const plain = PLAIN[at]!;
        const hash = pw(scheme + suffix, plain);
        assert.match(hash, /^\{[A-Z0-9-]+(\.(B64|HEX))?\}/);
        await check(plain, hash);
      }
    });
  }

  it('Argon2, as Dovecot asks for it', async () => {
    for (const scheme of ['ARGON2I', 'ARGON2ID']) {
      const hash = pw(scheme, UMLAUTS, '-r', '3');
      assert.deepEqual(await passwords.compare(hash, UMLAUTS), { kind: 'match' });
      assert.deepEqual(await passwords.compare(hash, 'x'), { kind: 'mismatch' });
    }
  });

  it('schemes that need more than the password, or none should have, are errors', async () => {
    for (const scheme of ['DES-CRYPT', 'DIGEST-MD5', 'OTP', 'PLAIN-TRUNC']) {
      assert.deepEqual(await passwords.compare(pw(scheme, 'secret'), 'secret'), {
        kind: 'unusable',
        message: `unsupported password scheme ${scheme}`,
      });
    }
  });
});

describe('slappasswd', { skip: missingProgram('slappasswd', ['-V']) }, () => {
  const moduleOf = (scheme: string) => [
    '-o',
    'module-path=/usr/lib/ldap',
    '-o',
    `module-load=${scheme === 'ARGON2' ? 'argon2' : 'pw-sha2'}`,
  ];
  for (const scheme of 'SSHA SHA SMD5 MD5 SSHA256 SSHA384 SSHA512 SHA256 SHA384 SHA512 ARGON2'.split(' ')) {
    it(scheme, async () => {
      const hash = make('slappasswd', [...moduleOf(scheme), '-h', `{${scheme}}`, '-s', asArgument(UMLAUTS)]);
      assert.ok(hash.startsWith(`{${scheme}}`), hash);
      await check(UMLAUTS, hash);
    });
  }
});

describe('htpasswd', { skip: missingProgram('htpasswd', ['-v']) }, () => {
  for (const [name, option] of Object.entries({
    bcrypt: '-B',
    apr1: '-m',
    SHA: '-s',
    'SHA-256': '-2',
    'SHA-512': '-5',
  })) {
    it(name, async () => {
      for (const plain of PLAIN) {
        const line = make('htpasswd', ['-nb', option, 'mia', asArgument(plain)]);
        await check(plain, line.slice(line.indexOf(':') + 1));
      }
    });
  }
});

describe('argon2', { skip: missingProgram('argon2', ['-h']) }, () => {
  for (const options of [
    ['-id', '-t', '1', '-k', '64', '-p', '1'],
    ['-i', '-t', '4', '-m', '9', '-p', '3', '-l', '48'],
  ]) {
    it(options.join(' '), async () => {
      await check(UMLAUTS, make('argon2', ['some salt', ...options, '-e'], Buffer.from(UMLAUTS, 'latin1')));
    });
  }
});

describe('mkpasswd', { skip: missingProgram('mkpasswd', ['--version']) }, () => {
  const mkpasswd = (method: string, plain: string, ...more: string[]) =>
    make('mkpasswd', ['-m', method, ...more, '-s'], Buffer.from(`${plain}\n`, 'latin1'));

  it('scrypt, also with other costs than usual', async () => {
    for (const rounds of ['6', '7']) await check(UMLAUTS, mkpasswd('scrypt', UMLAUTS, '-R', rounds));
    await check('correct horse', `{CRYPT}${mkpasswd('scrypt', 'correct horse', '-R', '6')}`);
  });

  it('crypt with rounds', async () => {
    await check(UMLAUTS, mkpasswd('sha512crypt', UMLAUTS, '-R', '2500'));
    await check(UMLAUTS, mkpasswd('bcrypt-a', UMLAUTS, '-R', '4'));
  });

  it('what no library computes is an error', async () => {
    for (const method of ['yescrypt', 'gost-yescrypt', 'sunmd5', 'descrypt']) {
      assert.equal(
        (await passwords.compare(`{CRYPT}${mkpasswd(method, 'secret')}`, 'secret')).kind,
        'unusable',
        method,
      );
    }
  });
});
