// Is the artifact of the last `npm start` still what a build would write? Plain JavaScript, because the bootstrap asks
// before it starts anything. Content is compared, not times: a clone or a checkout changes times without meaning.
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';

/**
 * What a build was made of.
 * @typedef {object} BuildRecord
 * @property {string} settings arguments and configuring environment variables
 * @property {string} sources hash over our own sources and the locked dependencies
 * @property {Record<string, string | null>} files hash of the artifact, the configuration and each Lua file; null: absent
 */

const SOURCES = ['compiler', 'runtime'];
const SINGLE_FILES = ['package.json', 'package-lock.json'];

/** @type {(root: string) => string} */
const recordPath = (root) => join(root, 'node_modules/.cache/nauthilus/build.json');

/** @type {(path: string) => string | null} */
function hashFile(path) {
  try {
    return createHash('sha256').update(readFileSync(path)).digest('base64');
  } catch {
    return null;
  }
}

/**
 * Hash over everything of ours that goes into an artifact; generated registries follow from the rest.
 * @param {string} root
 */
export function hashSources(root) {
  const hash = createHash('sha256');
  for (const folder of SOURCES) {
    for (const name of readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).sort()) {
      if (/\.(ts|mjs)$/.test(name) && !name.endsWith('.gen.ts'))
        hash.update(`${name}\0${hashFile(join(root, folder, name))}\0`);
    }
  }
  for (const name of SINGLE_FILES) hash.update(`${hashFile(join(root, name))}\0`);
  return hash.digest('base64');
}

/** @param {readonly string[]} args */
function settingsOf(args) {
  const variables = Object.entries(process.env).filter(([name]) => name.startsWith('NAUTHILUS_'));
  return createHash('sha256')
    .update(JSON.stringify([args, variables.sort()]))
    .digest('base64');
}

/**
 * @param {string} root
 * @param {readonly string[]} args of the build
 */
export function isFresh(root, args) {
  try {
    /** @type {BuildRecord} */
    const record = JSON.parse(readFileSync(recordPath(root), 'utf8'));
    return (
      record.settings === settingsOf(args) &&
      Object.entries(record.files).every(([path, hash]) => hashFile(resolve(root, path)) === hash) &&
      record.sources === hashSources(root)
    );
  } catch {
    return false;
  }
}

/**
 * @param {string} root
 * @param {readonly string[]} args of the build
 * @param {string} sources what `hashSources` said before the build
 * @param {readonly string[]} files artifact, configuration, Lua files, and places where one would be found; relative to root
 */
export function recordBuild(root, args, sources, files) {
  /** @type {BuildRecord} */
  const record = {
    settings: settingsOf(args),
    sources,
    files: Object.fromEntries(files.map((path) => [path, hashFile(resolve(root, path))])),
  };
  try {
    mkdirSync(dirname(recordPath(root)), { recursive: true });
    writeFileSync(recordPath(root), JSON.stringify(record));
  } catch {
    // Only a convenience: without the record the next start builds again.
  }
}
