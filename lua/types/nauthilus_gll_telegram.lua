---@meta telegram
-- Written from the declarations of the host modules; an editor reads it, nothing runs it.

---@class telegram_bot_ud
local telegram_bot_ud_object = {}

---Messages and other events that came since the last call; options: offset, limit, timeout.
---@param options? table
---@return table? updates
---@return string? err
function telegram_bot_ud_object:getUpdates(options) end

---The number of the next update.
---@return integer offset
function telegram_bot_ud_object:getOffset() end

---Send a text to a chat.
---@param message table
---@return table? message
---@return string? err
function telegram_bot_ud_object:sendMessage(message) end

---Send a message on to another chat.
---@param message table
---@return table? message
---@return string? err
function telegram_bot_ud_object:forwardMessage(message) end

---Take a message away.
---@param message table
---@return table? message
---@return string? err
function telegram_bot_ud_object:deleteMessage(message) end

---Send a picture: the path of a file, or `file_id` with `UseExisting`.
---@param photo table
---@return table? message
---@return string? err
function telegram_bot_ud_object:sendPhoto(photo) end

---Change the text of a message.
---@param message table
---@return table? message
---@return string? err
function telegram_bot_ud_object:editMessageText(message) end

---Change the caption of a message.
---@param message table
---@return table? message
---@return string? err
function telegram_bot_ud_object:editMessageCaption(message) end

---Change the keyboard of a message.
---@param message table
---@return table? message
---@return string? err
function telegram_bot_ud_object:editMessageReplyMarkup(message) end

---Messages through Telegram.
---@class nauthilus_gll_telegram
local module = {}

---A bot by its token; with a client of `http`, and another endpoint than the public one.
---@param token string
---@param client? http_client_ud
---@param endpoint? string
---@return telegram_bot_ud bot
function module.bot(token, client, endpoint) end

return module
