/** A server that answers as Zabbix does: the JSON-RPC API, the form that logs in, and pictures of graphs. */
import { answerJson, startWeb, type WebServer } from './web.ts';

export interface ZabbixServer extends WebServer {
  readonly user: string;
  readonly password: string;
}

export async function startZabbix(): Promise<ZabbixServer> {
  const [user, password] = ['Admin', 'zäbbix'];
  const web = await startWeb(({ method, target, headers, body }, response) => {
    const [path = '', query = ''] = target.split('?');
    if (path === '/api_jsonrpc.php' && headers['content-type'] === 'application/json-rpc') {
      const call = JSON.parse(body.toString());
      answerJson(response, { jsonrpc: '2.0', ...replyTo(call, user, password), id: call.id });
    } else if (path === '/index.php' && method === 'POST') {
      const form = new URLSearchParams(body.toString());
      const isKnown = form.get('name') === user && form.get('password') === password && form.get('enter') === 'Sign in';
      if (isKnown) response.setHeader('Set-Cookie', 'zbx_session=s1; Path=/; HttpOnly');
      response.writeHead(302, { Location: '/zabbix.php' }).end();
    } else if (path === '/chart.php' && headers.cookie === 'zbx_session=s1') {
      const asked = new URLSearchParams(query);
      response.end(
        `picture of ${asked.get('itemids[0]')} ${asked.get('width')}x${asked.get('height')} ${asked.get('period')}`,
      );
    } else response.writeHead(path === '/chart.php' ? 403 : 200).end();
  });
  return { ...web, user, password };
}

interface Call {
  readonly method: string;
  readonly params: Readonly<Record<string, unknown>>;
  readonly auth?: string;
}

function replyTo({ method, params, auth }: Call, user: string, password: string): object {
  const failure = (code: number, data: string) => ({ error: { code, message: 'Failed.', data } });
  if (method === 'user.login') {
    if (params.user === user && params.password === password) return { result: 't0ken' };
    return failure(-32602, 'Login name or password is incorrect.');
  }
  if (method === 'apiinfo.version')
    return auth === undefined ? { result: '6.0.14' } : failure(-32602, 'Not authorized.');
  if (auth !== 't0ken') return failure(-32602, 'Not authorized.');
  if (method === 'host.get') return { result: [{ hostid: '10084', host: 'mx1', empty: null }] };
  if (method === 'user.logout') return { result: true };
  return failure(-32601, `Incorrect API "${method}".`);
}
