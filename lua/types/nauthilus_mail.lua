---@meta nauthilus_mail
-- Written from the declarations of the host modules; an editor reads it, nothing runs it.

---Send mail over SMTP or LMTP.
---@class nauthilus_mail
local module = {}

---Send a text message; keys: server, port, from, to, subject, body, username, password, helo_name, tls, starttls, lmtp.
---@param mail table
---@return string? err
function module.send_mail(mail) end

return module
