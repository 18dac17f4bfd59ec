/** `npm ci --ignore-scripts` must do on any platform, whatever machine wrote the lock. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';

interface LockedPackage {
  readonly version?: string;
  readonly resolved?: string;
  readonly optional?: boolean;
  readonly hasInstallScript?: boolean;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

const packages: Readonly<Record<string, LockedPackage>> = JSON.parse(
  readFileSync(new URL('../package-lock.json', import.meta.url), 'utf8'),
).packages;

/** As Node looks for a package: beside the one that wants it, then in the folders above. */
function isLocked(name: string, from: string): boolean {
  for (let folder = from; ; folder = folder.slice(0, folder.lastIndexOf('/node_modules/'))) {
    if (packages[`${folder === '' ? '' : `${folder}/`}node_modules/${name}`] !== undefined) return true;
    if (!folder.includes('/node_modules/')) return packages[`node_modules/${name}`] !== undefined;
  }
}

test('every package is locked, those of other platforms too', () => {
  const missing = Object.entries(packages).flatMap(([path, { dependencies = {}, optionalDependencies = {} }]) =>
    Object.keys({ ...dependencies, ...optionalDependencies })
      .filter((name) => !isLocked(name, path))
      .map((name) => `${name} (wanted by ${path || 'this package'})`),
  );
  assert.deepEqual(missing, []);
});

test('the lock names no registry', () => {
  assert.deepEqual(
    Object.keys(packages).filter((path) => packages[path]?.resolved !== undefined),
    [],
  );
});

test('what the artifact is made of needs no install script', () => {
  const withScript = Object.keys(packages).filter((path) => packages[path]?.hasInstallScript === true);
  // esbuild only checks in its script that the binary of the platform, a package of its own, is there.
  assert.deepEqual(
    withScript.map((path) => path.replace('node_modules/', '')),
    ['esbuild'],
  );
});
