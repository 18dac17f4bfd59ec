dynamic_loader("nauthilus_mail")
local mail = require("nauthilus_mail")

local message = {
  lmtp = true,
  server = "127.0.0.1",
  port = tonumber(os.getenv("LMTP_PORT")),
  helo_name = "auth.example.test",
  from = '"Security" <abuse@example.test>',
  to = { "mia@example.test" },
  subject = "A new device",
  body = "Hello Mia,\n\nwas it you?\n",
}
print(mail.send_mail(message)) --> nil

message.port = 1
print(mail.send_mail(message)) --> dial tcp 127.0.0.1:1: connect: connection refused
