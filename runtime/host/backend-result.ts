/** The object with which a backend script answers and a filter script adds attributes: `nauthilus_backend_result`. */
import type { HostFunction, HostGlobalTable, HostUserdata, ScriptClass } from '../contract/host.ts';
import { type Library, type LuaValue, noResults } from '../engine/api.ts';
import type { HostTable } from '../login/script-state.ts';
import { fromHost, toHost } from './convert.ts';
import { type Declaration, type Declarations, defineFunctions, describeFunctions, pure } from './define.ts';
import { type Argument, bool, result, str, table, trailing } from './signature.ts';
import { Userdata, UserdataKind } from './userdata.ts';

/** What a script has put into the object; strings are byte strings. */
export class BackendResult {
  authenticated = false;
  userFound = false;
  accountField = '';
  totpSecretField = '';
  totpRecoveryField = '';
  uniqueUserIdField = '';
  displayNameField = '';
  attributes: HostTable = new Map();
}

type Field = Exclude<keyof BackendResult, 'attributes'>;

const MISMATCH = 'backend_result expected';
const backendKind = new UserdataKind<BackendResult>('nauthilus_backend_result', MISMATCH);
const filterKind = new UserdataKind<BackendResult>('nauthilus_backend_result', MISMATCH);

/** A method that sets with an argument and gets without one. */
function accessor<T extends boolean | string>(
  doc: string,
  value: Argument<T>,
  get: (of: BackendResult) => T,
  set: (of: BackendResult, value: T) => void,
): Declaration {
  return pure(
    { doc, args: [backendKind.self(), trailing(value)], returns: [result('value', `${value.type}?`)] },
    (self, given) => {
      if (given === undefined) return get(self);
      set(self, given);
      return noResults();
    },
  );
}

function flag(doc: string, field: Extract<Field, 'authenticated' | 'userFound'>): Declaration {
  return accessor(
    doc,
    bool('value'),
    (of) => of[field],
    (of, value) => {
      of[field] = value;
    },
  );
}

function fieldName(doc: string, field: Exclude<Field, 'authenticated' | 'userFound'>): Declaration {
  return accessor(
    doc,
    str('name'),
    (of) => of[field],
    (of, value) => {
      of[field] = value;
    },
  );
}

function attributesOf(kind: UserdataKind<BackendResult>): Declarations {
  return {
    attributes: pure(
      {
        doc: 'The attributes of the user as a new table, or with an argument: replace them by a copy of the table.',
        args: [kind.self(), trailing(table('attributes'))],
        returns: [result('attributes', 'table?')],
      },
      (self, given) => {
        if (given === undefined) return fromHost(self.attributes);
        const copy = toHost(given);
        if (copy instanceof Map) self.attributes = copy;
        return noResults();
      },
    ),
  };
}

backendKind.has({
  authenticated: flag('Did the password match?', 'authenticated'),
  user_found: flag('Does the user exist?', 'userFound'),
  account_field: fieldName('Name of the attribute that holds the account.', 'accountField'),
  totp_secret_field: fieldName('Name of the attribute that holds the TOTP secret.', 'totpSecretField'),
  totp_recovery_field: fieldName('Name of the attribute that holds the TOTP recovery codes.', 'totpRecoveryField'),
  unique_user_id_field: fieldName('Name of the attribute that holds the unique user id.', 'uniqueUserIdField'),
  display_name_field: fieldName('Name of the attribute that holds the display name.', 'displayNameField'),
  ...attributesOf(backendKind),
});
filterKind.has(attributesOf(filterKind));

const KINDS: Readonly<Partial<Record<ScriptClass, UserdataKind<BackendResult>>>> = {
  backend: backendKind,
  filter: filterKind,
};

function constructorOf(kind: UserdataKind<BackendResult>): Declarations {
  return {
    new: pure({ doc: 'A new, empty result.', returns: [result('result', kind.name)] }, () =>
      kind.make(new BackendResult()),
    ),
  };
}

/** Names of the global: the document uses both. */
export const BACKEND_RESULT_TABLES: readonly string[] = ['nauthilus_backend_result', 'backend_result'];

/** The global table of a class (`new`); undefined for the classes that have none. */
export function backendResultLibrary(scriptClass: ScriptClass): Library | undefined {
  const kind = KINDS[scriptClass];
  return kind === undefined ? undefined : defineFunctions(kind.name, constructorOf(kind));
}

/** What a script has put into the value, if it is a backend result. */
export function backendResultOf(value: LuaValue): BackendResult | undefined {
  return value instanceof Userdata && value.payload instanceof BackendResult ? value.payload : undefined;
}

/** The global table of a class as data; undefined for the classes that have none. */
export function describeBackendResult(scriptClass: ScriptClass): HostGlobalTable | undefined {
  const kind = KINDS[scriptClass];
  if (kind === undefined) return undefined;
  const [name = kind.name, ...aliases] = BACKEND_RESULT_TABLES;
  const functions = describeFunctions(constructorOf(kind));
  const doc = 'Makes the object with which backend scripts answer and filters add attributes.';
  return { name, aliases, scriptClass, functions, constants: {}, userdata: [kind.describe()], doc };
}

/** For the manifest. */
export const backendResultUserdata: HostUserdata = backendKind.describe();
export const backendResultFunctions: readonly HostFunction[] = describeFunctions(constructorOf(backendKind));
