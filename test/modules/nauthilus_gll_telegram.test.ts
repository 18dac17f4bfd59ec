import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { OpenedServices } from '../../runtime/services/index.ts';
import { startTelegram, type TelegramServer } from '../servers/telegram.ts';
import { outputOf } from './program.ts';
import { services } from './script.ts';

let opened: OpenedServices;
let server: TelegramServer;
before(async () => {
  opened = await services();
  server = await startTelegram();
});
after(async () => {
  server.stop();
  await opened.close();
});

function printed(source: string): Promise<string> {
  return outputOf(
    opened,
    `dynamic_loader("nauthilus_gll_telegram") dynamic_loader("nauthilus_gll_http")
    local telegram, http = require("telegram"), require("http")
    local bot = telegram.bot("${server.token}", nil, "${server.url}")
    ${source}`,
  );
}

test('a text goes to a chat by number and by name, with every option', async () => {
  server.received.length = 0;
  const out = await printed(`
    local sent = bot:sendMessage({ Chat_ID = 5, text = "ünï & <b>", parse_mode = "HTML", reply_to_message_id = 9,
      disable_notification = true, reply_markup = { inline_keyboard = { { { text = "ok", callback_data = "x" } } } } })
    print(sent.message_id, sent.text, sent.chat.first_name, sent.edit_date, sent.unknown_field)
    print(bot:sendMessage({ username = "@admins", text = "hi" }).chat.title)
    print(bot:sendMessage({ chat_id = 77, text = "x" }))
  `);
  assert.equal(out, '2\tünï & <b>\tMia\t0\tnil\nadmins\nnil\tBad Request: chat not found\n');
  const form = new URLSearchParams(server.received[0]![1]);
  assert.deepEqual(Object.fromEntries(form), {
    chat_id: '5',
    disable_notification: 'true',
    disable_web_page_preview: 'false',
    parse_mode: 'HTML',
    reply_markup: '{"inline_keyboard":[[{"callback_data":"x","text":"ok"}]]}',
    reply_to_message_id: '9',
    text: 'ünï & <b>',
  });
  assert.deepEqual([...form.keys()], [...form.keys()].sort());
});

test('updates are seen once', async () => {
  const out = await printed(`
    local updates = bot:getUpdates()
    print(#updates, updates[1].message.text, updates[1].message.secret_field, updates[2].callback_query.data, bot:getOffset())
    print(#bot:getUpdates(), #bot:getUpdates({ offset = 42, limit = 10 }))
  `);
  assert.equal(out, '2\thällo\tnil\tyes\t43\n0\t1\n');
});

test('a message can be changed, taken away and forwarded', async () => {
  server.received.length = 0;
  await printed(`
    bot:editMessageText({ chat_id = 5, message_id = 2, text = "new" })
    bot:editMessageCaption({ inline_message_id = "i", caption = "c" })
    bot:editMessageReplyMarkup({ chat_id = 5, message_id = 2, reply_markup = { inline_keyboard = {} } })
    local gone = bot:deleteMessage({ chat_id = 5, message_id = 2 })
    print(gone.message_id)
    bot:forwardMessage({ chat_id = 5, from_chat_id = -6, message_id = 2 })
  `);
  assert.deepEqual(
    server.received.map(([method, body]) => `${method} ${body}`),
    [
      'editMessageText chat_id=5&disable_web_page_preview=false&message_id=2&parse_mode=&text=new',
      'editMessageCaption caption=c&inline_message_id=i',
      'editMessageReplyMarkup chat_id=5&message_id=2&reply_markup=%7B%22inline_keyboard%22%3A%5B%5D%7D',
      'deleteMessage chat_id=5&message_id=2',
      'forwardMessage chat_id=5&disable_notification=false&from_chat_id=-6&message_id=2',
    ],
  );
});

test('a picture is uploaded with what the client adds', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'gll-telegram-'));
  writeFileSync(join(folder, 'p.png'), Buffer.from([0x89, 0x50, 0, 0xff]));
  server.received.length = 0;
  const out = await printed(`
    local bot = telegram.bot("${server.token}", http.client({ user_agent = "mine" }), "${server.url}")
    print(bot:sendPhoto({ chat_id = 5, photo = "${folder}/p.png", caption = "ü" }).message_id)
    print(bot:sendPhoto({ chat_id = 5, UseExisting = true, file_id = "F" }).message_id)
  `);
  rmSync(folder, { recursive: true });
  assert.equal(out, '3\n2\n');
  const [upload, existing] = server.received;
  assert.match(upload![2], /^multipart\/form-data/);
  assert.match(upload![1], /name="photo"; filename="[^"]*p\.png"[\s\S]*\r\n\r\n\x89P\0\xff\r\n/);
  assert.match(upload![1], /name="caption"\r\n\r\n\xc3\xbc\r\n/);
  assert.match(existing![1], /photo=F/);
});

test('a refused token and an answer that is no JSON are texts', async () => {
  const out = await printed(`
    print(telegram.bot("2:WRONG", nil, "${server.url}/"):sendMessage({ chat_id = 5, text = "x" }))
    print(bot:deleteMessage({ chat_id = 5, message_id = 666 }))
    print(telegram.bot("x", nil, "http://h:p"):sendMessage({ chat_id = 5 }))
    print((pcall(telegram.bot, "x", nil)))
  `);
  assert.equal(
    out,
    'nil\tUnauthorized\n' +
      "nil\tinvalid character '<' looking for beginning of value\n" +
      'nil\tparse "http://h:p/botx/sendMessage": invalid port ":p" after host\nfalse\n',
  );
});

test('errors never show the token', async () => {
  const out = await printed(`
    print((select(2, telegram.bot("7123456:sec ret-AAHdqTcvCH1vGWJ", nil, "http://127.0.0.1:1"):sendMessage({ chat_id = 5, text = "x" }))))
    print((select(2, telegram.bot("7123456:secret-AAHdqTcvCH1vGWJ", nil, "http://127.0.0.1:1"):getUpdates())))
  `);
  assert.doesNotMatch(out, /sec/);
  assert.match(out, /bot\*\*\*\/sendMessage.*connection refused\n.*bot\*\*\*\/getUpdates.*connection refused/);
});
