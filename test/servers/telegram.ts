/** A server that answers as Telegram's Bot API does (https://core.telegram.org/bots/api), for one bot and a few chats. */
import { answerJson, type Received, startWeb, type WebServer } from './web.ts';

export interface TelegramServer extends WebServer {
  readonly token: string;
  /** What came, method first. */
  readonly received: (readonly [method: string, body: string, contentType: string])[];
}

const CHATS = new Map([
  ['5', { id: 5, type: 'private', first_name: 'Mia' }],
  ['@admins', { id: -100, type: 'channel', title: 'admins' }],
]);

const UPDATES = [
  { update_id: 41, message: { message_id: 1, date: 1, chat: CHATS.get('5'), text: 'hällo', secret_field: 1 } },
  { update_id: 42, callback_query: { id: 'q', data: 'yes' } },
];

export async function startTelegram(): Promise<TelegramServer> {
  const token = '1:TOKEN';
  const received: [string, string, string][] = [];
  const web = await startWeb((call, response) => {
    const [, givenToken, method = ''] = /^\/bot([^/]+)\/(\w+)$/.exec(call.target) ?? [];
    received.push([method, call.body.toString('latin1'), call.headers['content-type'] ?? '']);
    if (method === 'deleteMessage' && call.body.includes('message_id=666')) return void response.end('<html>');
    if (givenToken !== token) return refuse(response, 401, 'Unauthorized');
    const result = resultOf(method, call);
    if (typeof result === 'string') refuse(response, 400, result);
    else answerJson(response, { ok: true, result });
  });
  return { ...web, token, received };
}

function refuse(response: Parameters<typeof answerJson>[0], code: number, description: string): void {
  answerJson(response, { ok: false, error_code: code, description }, code);
}

/** A text says why it was refused. */
function resultOf(method: string, { body, headers }: Received): unknown {
  if (headers['content-type']?.startsWith('multipart/')) return { message_id: 3, date: 7, chat: CHATS.get('5') };
  const form = new URLSearchParams(body.toString());
  if (method === 'getUpdates') return UPDATES.filter(({ update_id: id }) => id >= Number(form.get('offset') ?? 0));
  const chat = CHATS.get(form.get('chat_id') ?? '');
  if (chat === undefined) return 'Bad Request: chat not found';
  if (method === 'deleteMessage' || method.startsWith('edit')) return true;
  return { message_id: 2, date: 7, chat, text: form.get('text') ?? '', unknown_field: 1 };
}
