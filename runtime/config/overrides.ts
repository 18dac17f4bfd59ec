/**
 * Environment variables over the file: `NAUTHILUS_` + key path in upper case, for scalars and lists of scalars (server.md 3.1).
 * A secret has a second one that ends in `_FILE`, with the path of a file that has the value (secret-files.ts).
 */
import type * as z from 'zod';
import type { Diagnostic } from '../contract/diagnostic.ts';
import { nearest } from '../contract/nearest.ts';
import { messages } from './messages.ts';
import { fileKeyOf, isSecret } from './secret-files.ts';
import { inputSchema } from './shape.ts';
import type { Raw, RawMap, RawScalar } from './source.ts';
import { ensureSection } from './tolerate.ts';

const PREFIX = 'NAUTHILUS_';

/** Documented under another name than the setting has. */
const OTHER_NAMES: Readonly<Record<string, string>> = {
  NAUTHILUS_NGINX_MAX_LOGIN_ATTEMPTS: 'NAUTHILUS_MAX_LOGIN_ATTEMPTS',
};

/** Variables of the reference for parts that are not here; containers set them, so they deserve no warning. */
const OUT_OF_SCOPE =
  /^NAUTHILUS_(HTML_STATIC_CONTENT_PATH|LANGUAGE_RESOURCES|HTTP_USE_BASIC_AUTH|(LOGIN|CONSENT|LOGOUT|TWO_FACTOR|TOTP|REGISTER|WEBAUTHN|DEVICE|HOMEPAGE|DEFAULT_LOGO|NOTIFY|ERROR|LANGUAGE|REMEMBER|SITE|WEB_AUTHN|LOGO)_?.*)$/;

/** A setting that a variable can override. */
interface Setting {
  /** Name of the variable. */
  readonly variable: string;
  /** Keys from the top of the configuration. */
  readonly path: readonly string[];
  readonly isList: boolean;
  /** Key beside the last one that says the same, and counts less when it stands in the file. */
  readonly counterpart?: string | undefined;
}

/** Puts the variables of `env` into the tree, in place. Values never appear in diagnostics. */
export function override(
  tree: RawMap,
  schema: z.core.$ZodType,
  env: Readonly<Record<string, string | undefined>>,
): readonly Diagnostic[] {
  const settings = new Map(listSettings(schema).map((setting) => [setting.variable, setting]));
  const diagnostics: Diagnostic[] = [];
  for (const [variable, value] of Object.entries(env)) {
    if (value === undefined || !variable.startsWith(PREFIX)) continue;
    const setting = settings.get(OTHER_NAMES[variable] ?? variable);
    if (setting) put(tree, setting, variable, value);
    else if (!OUT_OF_SCOPE.test(variable)) {
      diagnostics.push(messages.unknownVariable(variable, nearest(variable, settings.keys())));
    }
  }
  return diagnostics;
}

/** All settings with their variables, in the order of the schema. */
function listSettings(schema: z.core.$ZodType): readonly Setting[] {
  return collect(schema, []);
}

function collect(schema: z.core.$ZodType, path: readonly string[]): readonly Setting[] {
  const { def } = inputSchema(schema)._zod;
  switch (def.type) {
    case 'object':
      return Object.entries(def.shape).flatMap(([key, inner]) => [
        ...(isSecret(inner) ? secretSettings(path, key) : collect(inner, [...path, key])),
      ]);
    case 'array': {
      const isObjects = inputSchema(def.element)._zod.def.type === 'object';
      return isObjects ? [] : [{ variable: variableName(path), path, isList: true }];
    }
    case 'unknown':
      return [];
    default:
      return [{ variable: variableName(path), path, isList: false }];
  }
}

/** The value itself, or the file that has it. */
function secretSettings(section: readonly string[], key: string): readonly Setting[] {
  const setting = (last: string, counterpart: string): Setting => {
    const path = [...section, last];
    return { variable: variableName(path), path, isList: false, counterpart };
  };
  return [setting(key, fileKeyOf(key)), setting(fileKeyOf(key), key)];
}

/** Settings of the section `environment` exist only as variables and carry no section name. */
function variableName(path: readonly string[]): string {
  const keys = path[0] === 'environment' ? path.slice(1) : path;
  return PREFIX + keys.join('_').toUpperCase();
}

function put(tree: RawMap, { path, isList, counterpart }: Setting, variable: string, value: string): void {
  const cause = { keyOrigin: variable };
  let section = tree;
  for (const key of path.slice(0, -1)) section = ensureSection(section, key, cause);
  const last = path[path.length - 1] ?? '';
  for (const [written, { keyOrigin }] of [...section.entries]) {
    const key = written.toLowerCase();
    const isFromFile = typeof keyOrigin !== 'string';
    if (key === last || (isFromFile && key === counterpart)) section.entries.delete(written);
  }
  section.entries.set(last, { ...cause, value: isList ? list(value, variable) : scalar(value, variable) });
}

function list(value: string, origin: string): Raw {
  const items = value.split(/[\s,]+/).filter((item) => item !== '');
  return { kind: 'list', origin, items: items.map((item) => scalar(item, origin)) };
}

function scalar(value: string, origin: string): RawScalar {
  return { kind: 'scalar', origin, value, spelling: value };
}
