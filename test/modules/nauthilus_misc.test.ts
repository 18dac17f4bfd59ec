import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { LuaValue } from '../../runtime/engine/api.ts';
import misc from '../../runtime/modules/nauthilus_misc.ts';
import type { OpenedServices } from '../../runtime/services/index.ts';
import { Script, services } from './script.ts';

let opened: OpenedServices;
before(async () => {
  opened = await services();
});
after(() => opened.close());

async function call(name: string, ...args: LuaValue[]): Promise<readonly LuaValue[]> {
  const script = new Script(opened, [misc]);
  return script.call(await script.require('nauthilus_misc'), name, ...args);
}

const COUNTRIES: readonly [string, string][] = [
  ['DE', 'Germany'],
  ['deu', 'Germany'],
  [' d-e ', 'Germany'],
  ['DE (old)', 'Germany'],
  ['germany', 'Germany'],
  ['UK', 'United Kingdom'],
  ['MMS', 'Maritime Mobile service'],
  ['XX', 'None'],
  ['ZZ', 'Unknown'],
  ['', 'Unknown'],
  ['12', 'Unknown'],
  ['__proto__', 'Unknown'],
];
for (const [code, name] of COUNTRIES) {
  test(`the country of '${code}' is ${name}`, async () => {
    assert.deepEqual(await call('get_country_name', code), [name]);
  });
}

/** ISO 3166-1: two letters and three letters of every country, one after the other. */
const ISO = `
ADAND AEARE AFAFG AGATG AIAIA ALALB AMARM AOAGO AQATA ARARG ASASM ATAUT AUAUS AWABW AXALA AZAZE BABIH BBBRB
BDBGD BEBEL BFBFA BGBGR BHBHR BIBDI BJBEN BLBLM BMBMU BNBRN BOBOL BQBES BRBRA BSBHS BTBTN BVBVT BWBWA BYBLR
BZBLZ CACAN CCCCK CDCOD CFCAF CGCOG CHCHE CICIV CKCOK CLCHL CMCMR CNCHN COCOL CRCRI CUCUB CVCPV CWCUW CXCXR
CYCYP CZCZE DEDEU DJDJI DKDNK DMDMA DODOM DZDZA ECECU EEEST EGEGY EHESH ERERI ESESP ETETH FIFIN FJFJI FKFLK
FMFSM FOFRO FRFRA GAGAB GBGBR GDGRD GEGEO GFGUF GGGGY GHGHA GIGIB GLGRL GMGMB GNGIN GPGLP GQGNQ GRGRC GSSGS
GTGTM GUGUM GWGNB GYGUY HKHKG HMHMD HNHND HRHRV HTHTI HUHUN IDIDN IEIRL ILISR IMIMN ININD IOIOT IQIRQ IRIRN
ISISL ITITA JEJEY JMJAM JOJOR JPJPN KEKEN KGKGZ KHKHM KIKIR KMCOM KNKNA KPPRK KRKOR KWKWT KYCYM KZKAZ LALAO
LBLBN LCLCA LILIE LKLKA LRLBR LSLSO LTLTU LULUX LVLVA LYLBY MAMAR MCMCO MDMDA MEMNE MFMAF MGMDG MHMHL MKMKD
MLMLI MMMMR MNMNG MOMAC MPMNP MQMTQ MRMRT MSMSR MTMLT MUMUS MVMDV MWMWI MXMEX MYMYS MZMOZ NANAM NCNCL NENER
NFNFK NGNGA NINIC NLNLD NONOR NPNPL NRNRU NUNIU NZNZL OMOMN PAPAN PEPER PFPYF PGPNG PHPHL PKPAK PLPOL PMSPM
PNPCN PRPRI PSPSE PTPRT PWPLW PYPRY QAQAT REREU ROROU RSSRB RURUS RWRWA SASAU SBSLB SCSYC SDSDN SESWE SGSGP
SHSHN SISVN SJSJM SKSVK SLSLE SMSMR SNSEN SOSOM SRSUR SSSSD STSTP SVSLV SXSXM SYSYR SZSWZ TCTCA TDTCD TFATF
TGTGO THTHA TJTJK TKTKL TLTLS TMTKM TNTUN TOTON TRTUR TTTTO TVTUV TWTWN TZTZA UAUKR UGUGA UMUMI USUSA UYURY
UZUZB VAVAT VCVCT VEVEN VGVGB VIVIR VNVNM VUVUT WFWLF WSWSM YEYEM YTMYT ZAZAF ZMZMB ZWZWE`;

test('every code of ISO 3166 has a name, the same for two and for three letters', async () => {
  const script = new Script(opened, [misc]);
  const module = await script.require('nauthilus_misc');
  const codes = ISO.trim().split(/\s+/);
  assert.equal(codes.length, 249);
  for (const code of codes) {
    const [short] = await script.call(module, 'get_country_name', code.slice(0, 2));
    assert.match(String(short), /^(?!Unknown$|None$).{4,}$/, code);
    assert.deepEqual(await script.call(module, 'get_country_name', code.slice(2)), [short], code);
  }
});

test('wait_random waits at least the minimum and less than the maximum', async () => {
  const started = performance.now();
  const [waited] = await call('wait_random', 20, '30');
  assert.ok(typeof waited === 'number' && waited >= 20 && waited < 30 && Number.isInteger(waited));
  assert.ok(performance.now() - started >= 19);
});

test('wait_random gives nil at once for an empty or negative range', async () => {
  for (const [min, max] of [
    [5, 5],
    [10, 5],
    [-5, 10],
    [1.2, 1.9],
    [Number.NaN, 5],
  ] as const) {
    assert.deepEqual(await call('wait_random', min, max), [undefined]);
  }
});

test('two scripts wait at the same time', async () => {
  const started = performance.now();
  await Promise.all(Array.from({ length: 20 }, () => call('wait_random', 50, 51)));
  assert.ok(performance.now() - started < 500);
});

test('a wait that outlasts the deadline of the script leaves no timer behind', async () => {
  const script = new Script(opened, [misc], { deadlineMs: 40 });
  const module = await script.require('nauthilus_misc');
  await assert.rejects(script.call(module, 'wait_random', 600_000, 600_001), /deadline exceeded/);
  await new Promise((resolve) => setTimeout(resolve, 10));
  assert.deepEqual(
    process.getActiveResourcesInfo().filter((kind) => kind === 'Timeout'),
    [],
  );
});
