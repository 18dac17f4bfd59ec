dynamic_loader("nauthilus_gll_telegram")
local telegram = require("telegram")

-- Without the third argument the public endpoint is asked.
local bot = telegram.bot(os.getenv("TELEGRAM_TOKEN"), nil, os.getenv("TELEGRAM_URL"))

local message, err = bot:sendMessage({ chat_id = 5, text = "3 failed logins of mia", disable_notification = true })
print(err, message.text, message.chat.first_name) --> nil	3 failed logins of mia	Mia
print(bot:sendMessage({ username = "@nobody", text = "hello" })) --> nil	Bad Request: chat not found

local updates = bot:getUpdates()
print(#updates, updates[1].message.text, bot:getOffset()) --> 2	hällo	43
