/** Comparing passwords: every scheme against hashes that other programs made, and what cannot be compared. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { after, describe, it } from 'node:test';
import fc from 'fast-check';
import type { PasswordOutcome } from '../../../runtime/services/index.ts';
import { createPasswords } from '../../../runtime/services/passwords/index.ts';
import { testBase } from '../base.ts';

const passwords = createPasswords(testBase());
after(() => passwords.close());

const LONG = 'x'.repeat(100);
const UMLAUTS = Buffer.from('pä$$wörd', 'utf8').toString('latin1');

/** Made by mkpasswd (libxcrypt), htpasswd (Apache), argon2 (reference implementation) and openssl. */
const HASHES: readonly (readonly [plain: string, hash: string])[] = [
  ['correct horse', '{SSHA256}CFsq5JPfiBQ0W3uR5Dnao+9mknEq9a739V+FPkJ6yjABAgMEBQYHCA=='],
  ['correct horse', '{SSHA256.B64}CFsq5JPfiBQ0W3uR5Dnao+9mknEq9a739V+FPkJ6yjABAgMEBQYHCA=='],
  ['correct horse', '{SSHA256.HEX}085b2ae493df8814345b7b91e439daa3ef6692712af5aef7f55f853e427aca300102030405060708'],
  ['correct horse', '{SSHA256.HEX}085B2AE493DF8814345B7B91E439DAA3EF6692712AF5AEF7F55F853E427ACA300102030405060708'],
  [
    'correct horse',
    '{SSHA512.B64}ggObOJHDWCqgI5uFv/j9yDNYMvdTgt+Toj8d6cGrSG/e+E9GbH4DkQ8y5jY3NblhoGens+zNVX1mZaFy0qwRwwECAwQFBgcI',
  ],
  ['correct horse', '$1$K2LNlcej$ITtYNNmO4U4d5cbQEkn.D0'],
  ['', '$1$AJ2/TFEY$vPEsQBGSQrDMzTOKXU5L8/'],
  [UMLAUTS, '$1$XciJvyN/$dZyMdLcLo4yQbwfL81SqE1'],
  [LONG, '$1$rfmsqQkX$El3hTbWI2kRGBhVPi9th0.'],
  ['x', '$1$abc$OGyl6dDvZCDiGmIVbeuCq/'],
  ['correct horse', '$5$c4/ZtixPk0DIxIuW$9YKt/lm0l49uCA.EvYCLXEu94I3QPzIbADekoVNX210'],
  ['', '$5$z4oVy72t7wKIQnaZ$553KnqIqo8FZufUUeDCVm6aBJt8Dv5sKWBqgpL9kAcC'],
  [UMLAUTS, '$5$RBWOiro7GC6gRIh6$JpvyYw0HNSqBn3Ekk/gO8xjxW/o4B/cSp6KuVDK3FF/'],
  [LONG, '$5$Tt5W35sfYnXjor66$45oz8N7irdHUQCOaIA8GHcpN5srW2B7s72nj54fAMLD'],
  ['correct horse', '$5$rounds=1000$saltsalt$R6e4P8ccT9iMqkYg7Z8YtpId/lfsIfnuPkp8WXposU8'],
  ['correct horse', '$5$rounds=5000$saltsalt$myjXcpMpE2Ofk7fj9hqyNYSn6lmWG4Mqnjx.KIRRr4/'],
  [
    'correct horse',
    '$6$UN1tjiL4PLm3EfN7$bOXv.jpaaDn6xFyHWlpZuFrBcUb9Zvwi2/jdiO.7oFiY3LWvdJpWXIwYvtHjK/Retw0kVKslOrXGB6WxN4VcI/',
  ],
  [
    'correct horse',
    '$6$rounds=1234$Co1fORHORLcHqXu9$.ttTeaE/ZketVknNf678bPJGfPRqKvtZ9xtcugEUpbaCA74ogjT730ZgmJKzYRm6CfPWKgm1dyFLhDixcKJnD.',
  ],
  ['', '$6$aN1s7832XbgduVj3$mRnSDl6V721zPFc5hzi6sMShsxADVHprvqvo1n7NXctd5VS0xiJ4VOJxHJN.SI/FLtd6hDjqQy5/E2AELbtQi.'],
  [LONG, '$6$.Ef/qpS2oVNe9Bbj$9Guq04oKcgBl73f4tqHwusQbsdWDoNARxWYoqelX7Sb7UPv3wnEpkMqzklq2YIBhF8zTdqEWOPIGuXHerXlbK/'],
  ['x', '$6$averylongsaltstr$nx7z11Kx6RtpsDwqICO/BRHqY576gCYYEqe7WyFXYnEkRuVWEG786mBc4R8psdam6/dxh5Nua7tLR3O/ygB9.0'],
  ['correct horse', '$2b$05$FxAFXxriiKlcJpJ5gNyilOunOVkuzN9xRcN0plEtcD7g3rlOkYDya'],
  ['correct horse', '$2a$05$By6s9ZOrwH51diAHYMOVHuJcycFD9OozJZhJnVhMWzradg8Ar9F2e'],
  ['correct horse', '$2y$05$6vKmNS2.ep2r3s/cRziO2epHcVuScgHUT36FgHgVUaroQa0hOkN..'],
  ['', '$2b$05$9fJut/wmUUHuuyqnwoQeiuRFAQDSvIMLC72ZjL/bpFxvfw/RfS.2C'],
  [UMLAUTS, '$2b$05$hC07VzqPHxd2WXGHLKTH2uoNW4NlZDJ9hRNhRw9wVJecuKULiDALO'],
  ['abc123', '$argon2id$v=19$m=65536,t=2,p=1$gCxez+B/Sr5ogq0o+y+7Ig$hKxxLmCF5pMVjcBk+seY7DeLx6RBfNoD/LUg1VZjAuo'],
  ['correct horse', '$argon2id$v=19$m=1024,t=2,p=2$c2FsdHNhbHQ$C1lonjftuPFcxvy88IyQSAUKETQXgrUY'],
  ['correct horse', '$argon2id$v=19$m=1024,t=2,p=2,k=24$c2FsdHNhbHQ$C1lonjftuPFcxvy88IyQSAUKETQXgrUY'],
  ['correct horse', '$argon2i$v=19$m=256,t=3,p=1$c2FsdHNhbHQ$sU9ENnPz257uFj/iBCF5m2/mkdW3Gr55gNPvZOlqWs4'],
  // pw-pbkdf2 of slapd-contrib 2.5.13: slappasswd -o module-path=… -o module-load=pw-pbkdf2 -h '{PBKDF2-SHA512}' -s 'correct horse'
  ['correct horse', '{PBKDF2}10000$YsLVLfGYxnNMpDHxGh7CYw$0R6fau80lfWjdHyR0CksQywAYkM'],
  ['correct horse', '{PBKDF2-SHA1}10000$N.eeXj.yw3DG37F6q93vSw$pI91mWEY7W9DiaDjlBsMzMdaj4I'],
  ['correct horse', '{PBKDF2-SHA256}10000$8fQEB4ukByySV9Dxusf1ag$.JDy1Nx73IIoUG/SA0SAm2CKg0cEm87.N.sOz16KGMA'],
  [
    'correct horse',
    '{PBKDF2-SHA512}10000$hxEJV2Mb2LANGWYSnAgALw$twlxI0NgeNjSwnakDLo1DmTwBpyQw8q8ZQ3gmQqzmVg6l2puUqAnAvN4MVbJVFqUNirsdQUJ4mWEb96RlYZ.NA',
  ],
  ['correct horse', '{ssha256}CFsq5JPfiBQ0W3uR5Dnao+9mknEq9a739V+FPkJ6yjABAgMEBQYHCA=='],
  ['correct horse', '{SSHA256.BIN}CFsq5JPfiBQ0W3uR5Dnao+9mknEq9a739V+FPkJ6yjABAgMEBQYHCA=='],
  ['correct horse', '{CRYPT}$1$saltsalt$NuzA7WTAelpl95xgBGWN60'],
  ['correct horse', '{SHA256-CRYPT}$5$saltsalt$myjXcpMpE2Ofk7fj9hqyNYSn6lmWG4Mqnjx.KIRRr4/'],
  ['correct horse', '{BLF-CRYPT}$2y$05$6vKmNS2.ep2r3s/cRziO2epHcVuScgHUT36FgHgVUaroQa0hOkN..'],
  ['correct horse', '{ARGON2ID}$argon2id$v=19$m=1024,t=2,p=2$c2FsdHNhbHQ$C1lonjftuPFcxvy88IyQSAUKETQXgrUY'],
];

describe('a stored hash', () => {
  for (const [plain, hash] of HASHES) {
    it(`matches its password and no other: ${hash.slice(0, 40)}`, async () => {
      assert.deepEqual(await passwords.compare(hash, plain), { kind: 'match' });
      const others = [`X${plain.slice(1)}`, plain.slice(1), plain === '' ? 'x' : ''];
      for (const other of others) {
        if (other !== plain) assert.deepEqual(await passwords.compare(hash, other), { kind: 'mismatch' });
      }
    });
  }

  it('of bcrypt looks at 72 bytes, as the algorithm does', async () => {
    const hash = '$2b$05$MrDR.VK92go/hofogC5ZP.6zJNAdFj1qeAJBN2VCdGIRGAb39l3.W';
    assert.deepEqual(await passwords.compare(hash, `${'x'.repeat(72)}yyy`), { kind: 'match' });
    assert.deepEqual(await passwords.compare(hash, `${'x'.repeat(71)}y`), { kind: 'mismatch' });
  });

  it('does not match a password that is cut at a NUL byte', async () => {
    for (const hash of [
      '$1$saltsalt$NuzA7WTAelpl95xgBGWN60',
      '$2b$05$FxAFXxriiKlcJpJ5gNyilOunOVkuzN9xRcN0plEtcD7g3rlOkYDya',
    ]) {
      assert.deepEqual(await passwords.compare(hash, 'correct horse\0more'), { kind: 'mismatch' });
    }
  });

  it('does not match a password of unreasonable length, and costs nothing then', async () => {
    assert.deepEqual(await passwords.compare('$6$saltsalt$x', 'x'.repeat(100_000)), { kind: 'mismatch' });
  });
});

describe('passwords of unusual length and content', () => {
  it('are compared whole where they are stored as they are', async () => {
    const stored = '{PLAIN}a\0b\xff {x}';
    assert.deepEqual(await passwords.compare(stored, 'a\0b\xff {x}'), { kind: 'match' });
    assert.deepEqual(await passwords.compare(stored, 'a'), { kind: 'mismatch' });
    assert.deepEqual(await passwords.compare('{PLAIN}', ''), { kind: 'match' });
    assert.deepEqual(await passwords.compare('{PLAIN}', 'x'), { kind: 'mismatch' });
  });

  it('and stored texts that nobody writes are no work', async () => {
    assert.deepEqual(await passwords.compare(`{PLAIN}${'x'.repeat(10_000)}`, 'x'), {
      kind: 'unusable',
      message: 'the stored hash is too long',
    });
    assert.deepEqual(await passwords.compare('{PLAIN}x', 'x'.repeat(5000)), { kind: 'mismatch' });
  });
});

describe('a hash that cannot be checked', () => {
  const cases: readonly (readonly [hash: string, message: string])[] = [
    ['', 'no registered algorithm for settings []'],
    ['plain', 'no registered algorithm for settings []'],
    ['{QWE}123', 'no registered algorithm for settings []'],
    ['$9$salt$hash', 'no registered algorithm for settings [$9$]'],
    ['$argon2d$v=19$m=256,t=3,p=1$c2FsdHNhbHQ$UYYYQkTF', 'no registered algorithm for settings [$argon2d$]'],
    ['{SSHA}abcd', 'unsupported hash algorithm'],
    ['{SSHA256}AAAA', 'unsupported hash algorithm'],
    ['{SSHA256}!!!', 'illegal base64 data at input byte 0'],
    ['{SSHA256}QUJD!', 'illegal base64 data at input byte 4'],
    ['{SSHA256}QUJDR', 'illegal base64 data at input byte 4'],
    ['{SSHA256.HEX}zz', "encoding/hex: invalid byte: U+007A 'z'"],
    ['{SSHA256.HEX}abc', 'encoding/hex: odd length hex string'],
    ['{SSHA', 'unsupported hash algorithm'],
    ['{SSHA9}AAAA', 'unsupported hash algorithm'],
    ['{SSHA256 }CFsq5JPf', 'unsupported hash algorithm'],
    ['{SHA256}AAAA', 'unsupported hash algorithm'],
    ['{SHA.HEX}zz', "encoding/hex: invalid byte: U+007A 'z'"],
    ['{CRYPT}', 'no registered algorithm for settings []'],
    ['{CRYPT}Z36WlvNCUADsM', 'no registered algorithm for settings []'],
    ['{CRYPT.HEX}xy', "encoding/hex: invalid byte: U+0078 'x'"],
    ['{PLAIN.ROT}x', 'unknown encoding of the stored password'],
    ['{DES-CRYPT}Z36WlvNCUADsM', 'unsupported password scheme DES-CRYPT'],
    ['{DIGEST-MD5}dad93672e66589a2f694390a2be75785', 'unsupported password scheme DIGEST-MD5'],
    ['{SASL}mia@example.test', 'unsupported password scheme SASL'],
    ['{constructor}x', 'no registered algorithm for settings []'],
    ['{PBKDF2}$1$salt$0$d67e8cae7eddc86ed12b62bcc805018610e4da41', 'malformed PBKDF2 hash'],
    [
      '{PBKDF2}$1$salt$99999999$d67e8cae7eddc86ed12b62bcc805018610e4da41',
      'PBKDF2 with more than 5000000 rounds is too expensive',
    ],
    ['{PBKDF2-SHA256}5000001$YWFh$YWFhYWFhYWFhYWFhYWFhYQ', 'PBKDF2 with more than 5000000 rounds is too expensive'],
    ['{PBKDF2-SHA256}1$YWFh$YWFh', 'malformed PBKDF2 hash'],
    ['{PBKDF2-MD5}1$YWFh$YWFh', 'no registered algorithm for settings []'],
    ['{SCRAM-SHA-1}4096,YWFh,YWFh,YWFh', 'malformed SCRAM hash'],
    [
      '{SCRAM-SHA-1}99999999,YWFh,QexuROJFcWGEfzrFJUdYkQOFRBU=,U7G65eCRyLflfpSXCeMZmO7vMNk=',
      'SCRAM with more than 5000000 rounds is too expensive',
    ],
    ['{CRAM-MD5}38b57fd1', 'malformed CRAM-MD5 hash'],
    ['{PLAIN-MD4}38b57fd1', 'malformed MD4 hash'],
    ['$7$CU..../....nb0jVkdves6ESdoHdaxJg0$short', 'malformed scrypt hash'],
    [
      '$7$zU..../....nb0jVkdves6ESdoHdaxJg0$Hvq71H6Kb88cXdr5XQO05S8nqCah1.OareZnY.Y.wo0',
      'scrypt parameters are too expensive',
    ],
    [
      '$7$CU....zzzzznb0jVkdves6ESdoHdaxJg0$Hvq71H6Kb88cXdr5XQO05S8nqCah1.OareZnY.Y.wo0',
      'scrypt parameters are too expensive',
    ],
    ['$y$j9T$JEcx3bT8wJbNzkk1oWQkx0$aaaa', 'no registered algorithm for settings [$y$]'],
    ['$1$saltsalt$short', 'malformed MD5-crypt hash'],
    ['$6$saltsalt', 'malformed SHA-crypt hash'],
    ['$6$rounds=999999999$saltsalt$abc', 'SHA-crypt with more than 1000000 rounds is too expensive'],
    ['$2b$31$FxAFXxriiKlcJpJ5gNyilOunOVkuzN9xRcN0plEtcD7g3rlOkYDya', 'bcrypt with a cost above 16 is too expensive'],
    ['$2b$03$FxAFXxriiKlcJpJ5gNyilOunOVkuzN9xRcN0plEtcD7g3rlOkYDya', 'malformed bcrypt hash'],
    ['$2b$05$short', 'malformed bcrypt hash'],
    ['$argon2id$v=19$m=4194304,t=2,p=1$c2FsdHNhbHQ$C1lonjftuPFc', 'Argon2 parameters are too expensive'],
    ['$argon2id$v=19$m=65536,t=9999,p=1$c2FsdHNhbHQ$C1lonjftuPFc', 'Argon2 parameters are too expensive'],
    ['$argon2id$v=19$m=65536,t=2$c2FsdHNhbHQ$C1lonjftuPFc', 'malformed Argon2 hash'],
    ['$argon2id$v=19$m=64,t=2,p=1,p=2$c2FsdHNhbHQ$C1lonjftuPFc', 'malformed Argon2 hash'],
    ['$argon2id$v=16$m=64,t=2,p=1$c2FsdHNhbHQ$C1lonjftuPFc', 'unsupported Argon2 version 16'],
  ];
  for (const [hash, message] of cases) {
    it(`is an error and no mismatch: ${hash}`, async () => {
      assert.deepEqual(await passwords.compare(hash, 'x'), { kind: 'unusable', message });
    });
  }

  it('is never an exception, whatever is stored', async () => {
    const prefix = fc.constantFrom(
      ...[
        '',
        '{',
        '{}',
        '{SSHA',
        '{SSHA256}',
        '{SHA.HEX}',
        '{SMD5.B64}',
        '{MD5}',
        '{PBKDF2}',
        '{PBKDF2}$1$',
        '{PBKDF2-SHA256}1$',
      ],
      ...[
        '{SCRAM-SHA-1}1,',
        '{CRAM-MD5}',
        '{CRAM-MD5.HEX}',
        '{PLAIN-MD4.B64}',
        '{CRYPT}',
        '{CRYPT.HEX}',
        '{BLF-CRYPT}$2y$05$',
      ],
      ...[
        '$1$',
        '$5$',
        '$6$rounds=1000$',
        '$2b$04$',
        '$7$',
        '$argon2id$v=19$m=8,t=1,p=1$',
        '{ARGON2ID}',
        '$y$',
        '{x.y}',
      ],
    );
    const rest = fc.oneof(
      fc.string({ unit: 'binary-ascii', maxLength: 60 }),
      fc.base64String({ maxLength: 80 }),
      fc.stringMatching(/^[0-9a-f$,./A-Z]{0,90}$/),
    );
    const one = fc.asyncProperty(prefix, rest, fc.string({ maxLength: 20 }), async (start, end, plain) => {
      const outcome = await passwords.compare(start + end, plain);
      assert.notEqual(outcome.kind, 'match');
      if (outcome.kind === 'unusable') assert.ok(end.length < 20 || !outcome.message.includes(end));
    });
    await fc.assert(one, { numRuns: 400 });
  });

  it('never repeats what is stored or typed', async () => {
    const texts = [
      'canary-password',
      '{OTP}canary',
      '{PBKDF2}canary',
      '{SCRAM-SHA-256}canary',
      '{CRAM-MD5}canary',
      '{CRYPT}canary',
      '{canary}canary',
      '{PLAIN.canary}canary',
      '$7$canary',
      '$x$canary$canary',
      '{SSHA256}canary',
      '$6$canary',
      '$2b$05$canary',
    ];
    for (const stored of texts) {
      const outcome: PasswordOutcome = await passwords.compare(stored, 'canary');
      assert.equal(outcome.kind, 'unusable');
      assert.ok(!JSON.stringify(outcome).includes('canary'), JSON.stringify(outcome));
    }
  });
});

const hasOpenssl = spawnSync('openssl', ['passwd', '-6', '-salt', 'saltsalt', 'x']).status === 0;

describe('hashes of random passwords', { skip: hasOpenssl ? false : 'openssl with SHA-crypt is not installed' }, () => {
  it('match those of openssl at all lengths', async () => {
    const bytes = fc.uint8Array({ minLength: 0, maxLength: 130 }).map((codes) => codes.map((code) => 33 + (code % 90)));
    const salt = fc.stringMatching(/^[./0-9A-Za-z]{1,8}$/);
    const one = fc.asyncProperty(fc.constantFrom('-1', '-5', '-6'), bytes, salt, async (variant, codes, text) => {
      const plain = Buffer.from(codes).toString('latin1');
      const made = spawnSync('openssl', ['passwd', variant, '-salt', text, '-stdin'], {
        input: `${plain}\n`,
        encoding: 'utf8',
      });
      // openssl takes an empty line for no password at all.
      if (plain !== '') assert.deepEqual(await passwords.compare(made.stdout.trim(), plain), { kind: 'match' });
    });
    await fc.assert(one, { numRuns: 40 });
  });
});
