/** The table that a connection to Zabbix is made of; most keys have two names. */
import { entries, type LuaTable, textOf } from '../../host/index.ts';

export interface ZabbixConfig {
  readonly base: string;
  /** Paths behind the base. */
  readonly api: string;
  readonly login: string;
  readonly chart: string;
  readonly user: string;
  readonly password: string;
}

const KEYS: Readonly<Record<string, keyof ZabbixConfig>> = {
  url: 'base',
  base_url: 'base',
  api: 'api',
  api_url: 'api',
  login: 'login',
  login_url: 'login',
  chat: 'chart',
  chat_url: 'chart',
  user: 'user',
  username: 'user',
  passwd: 'password',
  password: 'password',
};

/** Or the text of what is wrong with it. */
export function readZabbixConfig(given: LuaTable): ZabbixConfig | string {
  const texts = {
    base: '',
    api: '/api_jsonrpc.php',
    login: '/index.php?login=1',
    chart: '/chart.php',
    user: '',
    password: '',
  };
  for (const [key, value] of entries(given)) {
    const name = textOf(key);
    // Accepted, but requests hold passwords and tokens: nothing of them is logged.
    if (name === 'debug') continue;
    const field = Object.hasOwn(KEYS, name) ? KEYS[name] : undefined;
    if (field === undefined) return `unknown config parameter: \`${name}\``;
    texts[field] = textOf(value);
  }
  return texts.base === '' ? 'base_url must be set' : texts;
}

/** Of a picture; period in seconds. */
export interface GraphSettings {
  readonly period: string;
  readonly width: string;
  readonly height: string;
}

const DEFAULTS: GraphSettings = { period: '3600', width: '500', height: '300' };

/** Or the text of what is wrong with it. */
export function readGraphSettings(given: LuaTable | undefined): GraphSettings | string {
  const settings: Record<keyof GraphSettings, string> = { ...DEFAULTS };
  for (const [key, value] of given === undefined ? [] : entries(given)) {
    const name = textOf(key);
    if (name !== 'period' && name !== 'width' && name !== 'height') {
      return `unknown graph settings parameter: \`${name}\``;
    }
    settings[name] = textOf(value);
  }
  return settings;
}
