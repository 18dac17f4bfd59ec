/**
 * The `request` table that scripts get. Every field is always there: '' , false or 0 where nothing is known, never nil.
 * A fresh table per script class, because scripts may write into it.
 */
import { type LuaTable, type LuaValue, tableOver } from '../engine/api.ts';
import { firstText } from '../login/attributes.ts';
import type { BruteForceHit, Login } from '../login/login.ts';
import type { ScriptSettings } from './script-runtime.ts';

/** What differs between the script classes. */
export interface RequestView {
  readonly userFound: boolean;
  readonly authenticated: boolean;
  readonly account: string;
  readonly accountField: string;
  readonly uniqueUserId: string;
  readonly displayName: string;
  readonly bucket: string;
  readonly feature: string;
  readonly statusMessage: string;
  /** Given only to actions that answer to a hit of the brute-force stage. */
  readonly hit: BruteForceHit | undefined;
}

/** Before any backend has answered; `account` may be known from an earlier login. */
export function earlyView(login: Login, account: string): RequestView {
  return {
    userFound: account !== '',
    authenticated: false,
    account,
    accountField: '',
    uniqueUserId: '',
    displayName: '',
    bucket: '',
    feature: '',
    statusMessage: login.script.statusMessage ?? '',
    hit: undefined,
  };
}

/** After the backends: what they said, not what filters made of it. */
export function answeredView(login: Login): RequestView {
  const { attributes } = login;
  return {
    userFound: login.userFound,
    authenticated: login.authenticated,
    account: firstText(attributes, login.accountField) || (login.knownAccount ?? ''),
    accountField: login.accountField,
    uniqueUserId: firstText(attributes, login.uniqueUserIdField),
    displayName: firstText(attributes, login.displayNameField),
    bucket: '',
    feature: '',
    statusMessage: login.script.statusMessage ?? '',
    hit: undefined,
  };
}

/** The string part of a request table. A class, so that all of them have one shape and reading a field is one load. */
class RequestFields {
  [name: string]: LuaValue;

  constructor(login: Login, view: RequestView, settings: ScriptSettings) {
    const { client, tls } = login;
    this.debug = settings.logLevel === 'debug';
    this.repeating = view.hit?.repeating ?? false;
    this.user_found = view.userFound;
    this.authenticated = view.authenticated;
    this.no_auth = login.mode === 'no-auth';
    this.brute_force_counter = view.hit?.counter ?? 0;
    this.service = login.service;
    this.session = login.session;
    this.client_ip = client.ip;
    this.client_port = client.port;
    this.client_net = view.hit?.network ?? '';
    this.client_hostname = client.hostname;
    this.client_id = client.id;
    this.user_agent = login.userAgent;
    this.local_ip = login.localIp;
    this.local_port = login.localPort;
    this.username = login.username;
    this.account = view.account;
    this.account_field = view.accountField;
    this.unique_user_id = view.uniqueUserId;
    this.display_name = view.displayName;
    this.password = login.password.reveal();
    this.protocol = login.protocol;
    this.brute_force_bucket = view.bucket;
    this.feature = view.feature;
    this.status_message = view.statusMessage;
    this.ssl = tls.ssl;
    this.ssl_session_id = tls.sessionId;
    this.ssl_client_verify = tls.clientVerify;
    this.ssl_client_dn = tls.clientDn;
    this.ssl_client_cn = tls.clientCn;
    this.ssl_issuer = tls.issuer;
    this.ssl_client_not_before = tls.clientNotBefore;
    this.ssl_client_not_after = tls.clientNotAfter;
    this.ssl_subject_dn = tls.subjectDn;
    this.ssl_issuer_dn = tls.issuerDn;
    this.ssl_client_subject_dn = tls.clientSubjectDn;
    this.ssl_client_issuer_dn = tls.clientIssuerDn;
    this.ssl_protocol = tls.protocol;
    this.ssl_cipher = tls.cipher;
    this.ssl_serial = tls.serial;
    this.ssl_fingerprint = tls.fingerprint;
    this.log_format = settings.logFormat;
    this.log_level = settings.logLevel;
  }
}

// A Lua table inherits no names: without this, `request.constructor` would be something.
Object.setPrototypeOf(RequestFields.prototype, null);
Reflect.deleteProperty(RequestFields.prototype, 'constructor');

/** A new table; the password is in it, as scripts have to check it. */
export function requestTable(login: Login, view: RequestView, settings: ScriptSettings): LuaTable {
  return tableOver(new RequestFields(login, view, settings));
}
